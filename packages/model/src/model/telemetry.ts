import type { PathNormalization } from '../plan/path-normalization.ts';
import type { Origin } from '../provenance.ts';
import type { ItemBase } from './item.ts';
import type { LocalitySettings } from './policy.ts';
import type { ExternalAuthorizerSettings } from './security.ts';

export type TelemetryMode = 'client-and-server' | 'client' | 'server';

/** Istio's Telemetry. Absent parts are inherited: workload ← namespace ← root namespace ← mesh settings. */
export interface TelemetryItem extends ItemBase {
  readonly kind: 'telemetry';
  readonly selector?: Readonly<Record<string, string>>;
  readonly accessLogging?: readonly {
    readonly mode: TelemetryMode;
    readonly providers: readonly string[];
    readonly disabled?: boolean;
    /** CEL. */
    readonly filter?: string;
    readonly origin: Origin;
  }[];
  readonly tracing?: readonly {
    readonly mode: TelemetryMode;
    readonly providers: readonly string[];
    readonly disableSpanReporting?: boolean;
    readonly randomSamplingPercentage?: number;
    readonly tags: readonly (
      | { readonly name: string; readonly literal: string }
      | { readonly name: string; readonly header: string; readonly defaultValue?: string }
      | { readonly name: string; readonly environment: string; readonly defaultValue?: string }
    )[];
    readonly origin: Origin;
  }[];
}

/** A name that Telemetry refers to (MeshConfig `extensionProviders`). */
export type TelemetryProvider =
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly path: string;
      readonly text?: string;
      readonly json?: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'otlp-logs';
      readonly name: string;
      readonly host: string;
      readonly port: number;
      readonly logName?: string;
      /** Body of each record. */
      readonly text?: string;
      /** Attributes of each record. */
      readonly json?: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'otlp-traces';
      readonly name: string;
      readonly host: string;
      readonly port: number;
      /** Of OTLP over HTTP. Absent: gRPC. */
      readonly path?: string;
      readonly maxTagLength?: number;
    }
  | {
      readonly kind: 'zipkin';
      readonly name: string;
      readonly host: string;
      readonly port: number;
      readonly path?: string;
      readonly maxTagLength?: number;
    }
  | { readonly kind: 'prometheus'; readonly name: string };

/** MeshConfig, from the ConfigMap `istio` in the root namespace; what an Istio user sets for the whole mesh. */
export interface MeshSettingsItem extends ItemBase {
  readonly kind: 'mesh-settings';
  readonly unknownDestinations?: 'pass-through' | 'refuse';
  readonly connectTimeoutMs?: number;
  readonly accessLog?: {
    readonly path: string;
    readonly text?: string;
    readonly json?: Readonly<Record<string, unknown>>;
  };
  readonly providers: readonly TelemetryProvider[];
  readonly externalAuthorizers?: readonly ExternalAuthorizerSettings[];
  readonly pathNormalization?: PathNormalization;
  readonly defaultProviders: { readonly tracing: readonly string[]; readonly accessLogging: readonly string[] };
  readonly tracingSampledPercent?: number;
  /** Which endpoints are near, where no policy says it. */
  readonly locality?: LocalitySettings;
  readonly defaultServiceExportTo?: readonly string[];
  readonly defaultVirtualServiceExportTo?: readonly string[];
  readonly defaultDestinationRuleExportTo?: readonly string[];
}

/** Istio's ProxyConfig: how proxies are started. Needs a restart to act. */
export interface ProxySettingsItem extends ItemBase {
  readonly kind: 'proxy-settings';
  readonly selector?: Readonly<Record<string, string>>;
  readonly concurrency?: number;
  readonly environment: Readonly<Record<string, string>>;
}

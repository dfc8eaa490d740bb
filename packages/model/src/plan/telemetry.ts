import type { Origin } from '../provenance.ts';

/** One log of requests and connections. */
export interface AccessLog {
  readonly sink:
    | { readonly kind: 'file'; readonly path: string }
    /** OTLP over gRPC to a cluster of the Plan. */
    | { readonly kind: 'otlp'; readonly cluster: string; readonly logName: string };
  /** Envoy's format string, or JSON fields. Absent: Istio's default text. */
  readonly format?: { readonly text: string } | { readonly json: Readonly<Record<string, unknown>> };
  /** CEL; requests for which it is false are left out. */
  readonly filter?: string;
  readonly origin: Origin;
}

export interface Tracing {
  /** Absent: context is passed on and spans are not reported. Each proxy reports under its own name. */
  readonly collector?: {
    readonly kind: 'otlp-grpc' | 'otlp-http' | 'zipkin';
    readonly cluster: string;
    /** Of HTTP collectors. */
    readonly path?: string;
  };
  /** Share of requests that start a trace here; a request that is traced already stays so. */
  readonly sampledPercent: number;
  readonly tags: readonly (
    | { readonly name: string; readonly literal: string }
    | { readonly name: string; readonly header: string; readonly defaultValue?: string }
    | { readonly name: string; readonly environment: string; readonly defaultValue?: string }
  )[];
  readonly maxTagLength?: number;
  readonly origin: Origin;
}

/** What a proxy reports of one direction of its traffic. */
export interface TelemetryPlan {
  readonly accessLogs: readonly AccessLog[];
  readonly tracing?: Tracing;
}

import type { Origin } from '../provenance.ts';
import type { SecretPlan } from './credential.ts';
import type { ServerTls } from './inbound.ts';
import type { HttpFunctions } from './limits.ts';
import type { ByteChainPlan } from './outbound.ts';
import type { PatchPlan } from './patch.ts';
import type { PathNormalization } from './path-normalization.ts';
import type { VirtualHostPlan } from './route.ts';
import type { SecurityPlan } from './security.ts';
import type { TelemetryPlan } from './telemetry.ts';

/** A port that speaks HTTP in plain text. */
export interface HttpServerPlan {
  /** Port of the Gateway resource. */
  readonly port: number;
  readonly protocol: 'http';
  /** `http.8080`: the name of its route configuration. */
  readonly routeName: string;
  readonly virtualHosts: readonly VirtualHostPlan[];
  readonly origin: Origin;
}

/** TLS that ends at the gateway, for some server names of a port. */
export interface TerminatingChainPlan {
  readonly serverNames: readonly string[];
  readonly tls: ServerTls;
  /** HTTP inside: routes of this name. Absent: `bytes`. */
  readonly http?: { readonly routeName: string; readonly virtualHosts: readonly VirtualHostPlan[] };
  readonly bytes?: ByteChainPlan;
  readonly origin: Origin;
}

/** A port whose servers are told apart by the TLS server name. */
export interface TlsServerPlan {
  readonly port: number;
  readonly protocol: 'tls';
  readonly terminating: readonly TerminatingChainPlan[];
  readonly passthrough: readonly ByteChainPlan[];
  readonly origin: Origin;
}

/** A port that passes bytes on. */
export interface TcpServerPlan {
  readonly port: number;
  readonly protocol: 'tcp';
  readonly chains: readonly ByteChainPlan[];
  readonly origin: Origin;
}

export type GatewayServerPlan = HttpServerPlan | TlsServerPlan | TcpServerPlan;

export interface GatewayPlan {
  readonly servers: readonly GatewayServerPlan[];
  readonly secrets?: readonly SecretPlan[];
  readonly telemetry?: TelemetryPlan;
  readonly security?: SecurityPlan;
  readonly functions?: HttpFunctions;
  readonly pathNormalization?: PathNormalization;
  readonly patches?: readonly PatchPlan[];
}

import type { Origin } from '../provenance.ts';
import type { ClusterPlan, EndpointsPlan } from './cluster.ts';
import type { SecretPlan } from './credential.ts';
import type { HttpFunctions } from './limits.ts';
import type { PatchPlan } from './patch.ts';
import type { PathNormalization } from './path-normalization.ts';
import type { VirtualHostPlan, WeightedCluster } from './route.ts';
import type { TelemetryPlan } from './telemetry.ts';

/** How the connections of a listener or a chain are passed on, besides where. */
export interface ByteSettings {
  /** Without bytes either way. Zero: never. Unset: as the proxy does, an hour. */
  readonly idleTimeoutMs?: number;
  readonly maxConnectionDurationMs?: number;
  /** Connections of one client go to one endpoint. */
  readonly hashesSourceAddress?: boolean;
  readonly tunnel?: ClusterPlan['tunnel'];
}

/** One way through a listener that reads no HTTP. Chains are told apart by the most specific match, as Envoy does. */
export interface ByteChainPlan extends ByteSettings {
  /** TLS server names (SNI), patterns such as `*.example.com` too; empty: any, also none. */
  readonly serverNames?: readonly string[];
  readonly destinationCidrs?: readonly string[];
  readonly sourceCidrs?: readonly string[];
  /** The server name is resolved, and called at this port: the destination has no endpoints of its own (`dynamic-dns`). */
  readonly resolvesServerNameAt?: number;
  readonly destinations: readonly WeightedCluster[];
  readonly origin: Origin;
}

/** One service port reached by its virtual address; printed as listener `10.96.0.12_3306`. */
export interface TcpListenerPlan extends ByteSettings {
  readonly address: string;
  readonly port: number;
  /** It binds there (an address, or `unix:///path` with port 0) instead of taking what is captured. */
  readonly isBound?: boolean;
  /** Where bytes go that no chain takes. Empty: as `unknownDestinations` says. */
  readonly destinations: readonly WeightedCluster[];
  /** Tried before `destinations`. */
  readonly chains?: readonly ByteChainPlan[];
  /** In a port without declared protocol: what begins like HTTP goes to these routes. */
  readonly detected?: HttpPortPlan;
  readonly origin: Origin;
}

/** Addresses that say which service is meant, whatever host a request names. */
export interface AddressedHost {
  readonly addresses: readonly string[];
  readonly virtualHost: VirtualHostPlan;
}

export interface HttpPortPlan {
  readonly port: number;
  /** Name of the route configuration. Unset: the port's number, as in Istio. */
  readonly routeName?: string;
  /** Where the listener binds instead of taking what is captured (Sidecar `egress[].bind`). */
  readonly bind?: { readonly address: string; readonly port: number } | { readonly socketPath: string };
  readonly virtualHosts: readonly VirtualHostPlan[];
  /** Of what is captured. They are among `virtualHosts` too, for whoever asks for the host at another address. */
  readonly byAddress?: readonly AddressedHost[];
}

export interface DnsRecord {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** What every proxy of one scope may call. Shared by all of them, object for object. */
export interface OutboundPlan {
  readonly scope: string;
  readonly httpPorts: readonly HttpPortPlan[];
  readonly tcpListeners: readonly TcpListenerPlan[];
  readonly clusters: readonly ClusterPlan[];
  readonly endpoints: readonly EndpointsPlan[];
  readonly dns: readonly DnsRecord[];
  /** What happens to connections and hosts that nothing above knows. Unset: refused. */
  readonly unknownDestinations?: 'pass-through' | 'refuse';
  /** Where they are passed to instead of where they were sent. */
  readonly unknownDestinationsCluster?: string;
  /** Of the outbound side. Unset: no logs, no spans. */
  readonly telemetry?: TelemetryPlan;
  readonly functions?: HttpFunctions;
  readonly pathNormalization?: PathNormalization;
  /** For all resources of the proxies of this scope, in order. */
  readonly patches?: readonly PatchPlan[];
  /** SDS secrets that clusters name; each proxy of the scope gets them in its own view. */
  readonly secrets?: readonly SecretPlan[];
}

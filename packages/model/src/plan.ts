import type { Origin } from './provenance.ts';
import type { ServedWorkload } from './proxy.ts';

/**
 * The Plan: for a proxy, what to listen on, how to match, where to send, with the resource and field that say so.
 * Plain data without a word of any proxy's configuration; `xds` prints it, simulation will interpret it.
 * Durations are milliseconds. Unset means unset: the printer adds no policy of its own.
 */
export type Protocol = 'http' | 'http2' | 'grpc' | 'tcp';

export type StringMatch =
  | { readonly exact: string; readonly ignoreCase?: boolean }
  | { readonly prefix: string; readonly ignoreCase?: boolean }
  /** RE2, matching the whole value. */
  | { readonly regex: string }
  | { readonly present: true };

export interface HttpMatch {
  /** All paths when absent. */
  readonly path?: StringMatch;
  readonly method?: StringMatch;
  readonly authority?: StringMatch;
  readonly scheme?: StringMatch;
  readonly headers: readonly { readonly name: string; readonly match: StringMatch; readonly invert?: boolean }[];
  readonly queryParameters: readonly { readonly name: string; readonly match: StringMatch }[];
}

export interface WeightedCluster {
  readonly cluster: string;
  /** Relative; the printer normalises. */
  readonly weight: number;
}

export interface Fault {
  readonly delay?: { readonly durationMs: number; readonly percent: number };
  readonly abort?: { readonly httpStatus: number; readonly percent: number };
}

export interface Retries {
  readonly attempts: number;
  readonly perTryTimeoutMs?: number;
  /** Envoy's retry_on words, comma separated. */
  readonly retryOn?: string;
}

export interface HeaderOperations {
  readonly set: Readonly<Record<string, string>>;
  readonly add: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

export type RouteAction =
  | {
      readonly kind: 'forward';
      readonly destinations: readonly WeightedCluster[];
      readonly rewrite?: { readonly path?: string; readonly authority?: string };
      readonly timeoutMs?: number;
      readonly retries?: Retries;
    }
  | {
      readonly kind: 'redirect';
      readonly path?: string;
      readonly authority?: string;
      readonly scheme?: string;
      readonly port?: number;
      readonly status: number;
    }
  | { readonly kind: 'respond'; readonly status: number; readonly body?: string };

export interface RoutePlan {
  readonly name?: string;
  readonly match: HttpMatch;
  readonly action: RouteAction;
  readonly fault?: Fault;
  readonly requestHeaders?: HeaderOperations;
  readonly responseHeaders?: HeaderOperations;
  readonly origin: Origin;
}

/** Named as Istio names it: `reviews.default.svc.cluster.local:9080`. Domains are unique within a route configuration. */
export interface VirtualHostPlan {
  readonly name: string;
  readonly domains: readonly string[];
  /** In the order of evaluation. */
  readonly routes: readonly RoutePlan[];
  readonly origin: Origin;
}

/** How a client secures its connections to a cluster. */
export type UpstreamTls =
  | { readonly mode: 'plain' }
  /** Mutual TLS to endpoints that have a sidecar, plain text to the others: decided per endpoint. */
  | { readonly mode: 'auto'; readonly subjectAltNames: readonly string[]; readonly serverName: string }
  /** Mutual TLS with mesh identities to every endpoint; the server must present one of exactly these SPIFFE ids. */
  | { readonly mode: 'mutual'; readonly subjectAltNames: readonly string[]; readonly serverName: string };

export interface ClusterPlan {
  /** `outbound|9080|v1|reviews.default.svc.cluster.local`. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly subset?: string;
  readonly protocol: Protocol;
  readonly tls: UpstreamTls;
  readonly connectTimeoutMs?: number;
  readonly loadBalancer?: 'round-robin' | 'least-request' | 'random';
  readonly origin: Origin;
}

export interface EndpointPlan {
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  readonly health: 'healthy' | 'unhealthy' | 'draining';
  /** True when a sidecar stands there and takes mutual TLS. */
  readonly mutualTls: boolean;
  readonly workload?: { readonly namespace: string; readonly pod: string; readonly serviceAccount: string };
}

export interface EndpointsPlan {
  readonly cluster: string;
  readonly endpoints: readonly EndpointPlan[];
}

/** One TCP service port reached by its virtual address; printed as listener `10.96.0.12_3306`. */
export interface TcpListenerPlan {
  readonly address: string;
  readonly port: number;
  readonly destinations: readonly WeightedCluster[];
  readonly origin: Origin;
}

export interface HttpPortPlan {
  readonly port: number;
  readonly virtualHosts: readonly VirtualHostPlan[];
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
}

export type MutualTlsMode = 'strict' | 'permissive' | 'disable';

export interface InboundPortPlan {
  readonly port: number;
  readonly protocol: Protocol;
  readonly mutualTls: MutualTlsMode;
  /** `inbound|9080||`. */
  readonly cluster: string;
  /** The host of the service this port belongs to, for statistics; absent when no service selects it. */
  readonly serviceHost?: string;
  readonly origin: Origin;
}

export interface InboundPlan {
  readonly workload: ServedWorkload;
  readonly ports: readonly InboundPortPlan[];
}

export interface GatewayServerPlan {
  /** Port of the Gateway resource. */
  readonly port: number;
  readonly protocol: 'http';
  /** `http.8080`: the name of its route configuration. */
  readonly routeName: string;
  readonly virtualHosts: readonly VirtualHostPlan[];
  readonly origin: Origin;
}

export interface GatewayPlan {
  readonly servers: readonly GatewayServerPlan[];
}

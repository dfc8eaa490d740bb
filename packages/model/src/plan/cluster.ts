import type { Origin } from '../provenance.ts';
import type { TlsCredential } from './credential.ts';

/**
 * `auto`: no protocol is declared; the proxy looks at the first bytes. `tls`: encrypted by the programs themselves
 * (Istio's HTTPS and TLS ports), routed by server name.
 */
export type Protocol = 'http' | 'http2' | 'grpc' | 'tcp' | 'tls' | 'auto';

/** How a client secures its connections to a cluster. */
export type UpstreamTls =
  | { readonly mode: 'plain' }
  /** Mutual TLS to endpoints that have a sidecar, plain text to the others: decided per endpoint. */
  | { readonly mode: 'auto'; readonly subjectAltNames: readonly string[]; readonly serverName: string }
  /** Mutual TLS with mesh identities to every endpoint; the server must present one of exactly these SPIFFE ids. */
  | { readonly mode: 'mutual'; readonly subjectAltNames: readonly string[]; readonly serverName: string }
  /** TLS with certificates of the user's: Istio's SIMPLE (no client certificate) and MUTUAL. */
  | {
      readonly mode: 'custom';
      /** The client's own certificate is presented. */
      readonly presentsCertificate: boolean;
      /** Absent: the proxy's trust in the system's authorities. */
      readonly credential?: TlsCredential;
      /** DNS names or URIs, one of which the server must have; empty: any that the authority vouches for. */
      readonly subjectAltNames: readonly string[];
      readonly serverName?: string;
      readonly verifiesServer: boolean;
    };

export type LoadBalancer = 'round-robin' | 'least-request' | 'random' | 'ring-hash' | 'maglev';

/** Where endpoints come from. `eds`: the Plan's `endpoints`; the others: what the client asked for, or DNS. */
export type Discovery = 'eds' | 'strict-dns' | 'logical-dns' | 'original-destination' | 'dynamic-dns';

export interface RetryBudget {
  readonly percent: number;
  readonly minConcurrency: number;
  /** Requests of this time back count as active. Unset: only those that are. */
  readonly intervalMs?: number;
}

export interface ConnectionPool {
  readonly maxConnections?: number;
  readonly maxPendingRequests?: number;
  readonly maxRequests?: number;
  readonly maxRetries?: number;
  /** Share of active requests that may be retries, in per cent, instead of `maxRetries`. */
  readonly retryBudget?: RetryBudget;
  readonly maxRequestsPerConnection?: number;
  readonly maxConnectionDurationMs?: number;
  /** Of HTTP connections without requests. */
  readonly idleTimeoutMs?: number;
  readonly tcpIdleTimeoutMs?: number;
  readonly tcpKeepalive?: { readonly probes?: number; readonly timeMs?: number; readonly intervalMs?: number };
  readonly maxConcurrentStreams?: number;
  /** HTTP/2 PING frames to the server (RFC 9113, 6.7). */
  readonly http2Keepalive?: { readonly intervalMs: number; readonly timeoutMs: number };
  /** Speaks HTTP/2 although the port says HTTP/1.1. */
  readonly upgradesToHttp2?: boolean;
  /** Speaks to the server what the client speaks to the proxy. */
  readonly usesClientProtocol?: boolean;
}

/** Passive health checks (Envoy's outlier detection). */
export interface OutlierDetection {
  readonly consecutive5xxErrors?: number;
  readonly consecutiveGatewayErrors?: number;
  readonly consecutiveLocalOriginFailures?: number;
  readonly splitExternalLocalOriginErrors?: boolean;
  readonly intervalMs?: number;
  readonly baseEjectionTimeMs?: number;
  readonly maxEjectionPercent?: number;
  readonly minHealthPercent?: number;
}

/** Active health checks, made by every client's proxy. */
export interface HealthCheck {
  readonly kind: 'http' | 'grpc' | 'tcp';
  /** Of HTTP; of gRPC the name of the service that is asked about. */
  readonly path?: string;
  readonly host?: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly unhealthyThreshold: number;
  readonly healthyThreshold: number;
  /** Ranges of statuses, both ends included; unset: 200. */
  readonly expectedStatuses?: readonly { readonly from: number; readonly to: number }[];
  readonly origin: Origin;
}

export interface ClusterPlan {
  /** `outbound|9080|v1|reviews.default.svc.cluster.local`. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly subset?: string;
  readonly protocol: Protocol;
  readonly tls: UpstreamTls;
  /** Unset: `eds`. */
  readonly discovery?: Discovery;
  /** Of clusters that are not `eds`: host names or addresses, printed into the cluster itself. */
  readonly inlineEndpoints?: readonly EndpointPlan[];
  readonly connectTimeoutMs?: number;
  readonly loadBalancer?: LoadBalancer;
  readonly ring?: { readonly minimumSize?: number; readonly tableSize?: number };
  /** New endpoints get their share slowly. */
  readonly warmup?: { readonly durationMs: number; readonly minimumPercent?: number; readonly aggression?: number };
  readonly connectionPool?: ConnectionPool;
  readonly outlierDetection?: OutlierDetection;
  readonly healthCheck?: HealthCheck;
  /** Endpoints carry weights by locality (`EndpointsPlan.localityWeights`). */
  readonly weighsLocalities?: boolean;
  readonly proxyProtocol?: 'v1' | 'v2';
  readonly tunnel?: { readonly method: 'CONNECT' | 'POST'; readonly host: string; readonly port: number };
  /** With `original-destination`: the port at the address that the client asked for. */
  readonly portOverride?: number;
  /** The connection leaves the mesh: it is made from the machine's own network where workloads have none. */
  readonly isExternal?: boolean;
  readonly origin: Origin;
}

export interface EndpointPlan {
  /** An address; in `inlineEndpoints` of a DNS cluster a host name. */
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  readonly health: 'healthy' | 'unhealthy' | 'draining';
  /** True when a sidecar stands there and takes mutual TLS. */
  readonly mutualTls: boolean;
  /** `region/zone/subzone`, trailing parts may be missing. */
  readonly locality?: string;
  /** 0 first; the next is used as those before have too few healthy endpoints. */
  readonly priority?: number;
  readonly workload?: { readonly namespace: string; readonly pod: string; readonly serviceAccount: string };
}

export interface EndpointsPlan {
  readonly cluster: string;
  readonly endpoints: readonly EndpointPlan[];
  /** Share of traffic by locality; localities that are absent get none. */
  readonly localityWeights?: Readonly<Record<string, number>>;
}

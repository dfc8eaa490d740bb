import type { Origin } from '../provenance.ts';
import type { RouteLimits } from './limits.ts';
import type { HttpMatch, StringMatch } from './match.ts';

export interface HeaderOperations {
  readonly set: Readonly<Record<string, string>>;
  readonly add: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

export interface WeightedCluster {
  readonly cluster: string;
  /** Relative; the printer normalises. */
  readonly weight: number;
  /** Only for the share of requests that goes here, after those of the route. */
  readonly requestHeaders?: HeaderOperations;
  readonly responseHeaders?: HeaderOperations;
  /** Nothing has the name of `cluster`: this share of requests is answered with the status (Gateway API, backends that are refused). */
  readonly refusesWith?: 500 | 503;
}

export type FaultAbort =
  | { readonly httpStatus: number; readonly percent: number }
  /** Number of the gRPC status code. */
  | { readonly grpcStatus: number; readonly percent: number };

export interface Fault {
  readonly delay?: { readonly durationMs: number; readonly percent: number };
  readonly abort?: FaultAbort;
}

export interface Retries {
  readonly attempts: number;
  readonly perTryTimeoutMs?: number;
  /** Envoy's retry_on words, comma separated; status codes among them as Istio reads them. */
  readonly retryOn?: string;
  /** Base interval of the exponential back-off. */
  readonly backoffMs?: number;
  /** Prefer an endpoint that was not tried yet. Unset: yes, as Istio. */
  readonly ignorePreviousHosts?: boolean;
  /** Prefer another locality (Envoy's previous-priorities retry plugin). */
  readonly otherLocalities?: boolean;
}

/** A copy of the request whose answer nobody waits for. */
export interface Mirror {
  readonly cluster: string;
  readonly percent: number;
}

/** CORS (Fetch standard, 3.2), answered by the proxy. */
export interface CorsPolicy {
  readonly allowOrigins: readonly StringMatch[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeMs?: number;
  readonly allowCredentials?: boolean;
  /** What happens to a preflight of an origin that is not allowed. Unset: forwarded. */
  readonly unmatchedPreflights?: 'forward' | 'ignore';
}

/** What a consistent-hash balancer looks at; the route knows it, since it sees the request. */
export type HashPolicy =
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'query-parameter'; readonly name: string }
  | { readonly kind: 'source-address' }
  | {
      readonly kind: 'cookie';
      readonly name: string;
      readonly path?: string;
      /** Zero: a session cookie. Absent: the proxy makes none, and requests without it are spread at random. */
      readonly ttlMs?: number;
      readonly attributes?: readonly { readonly name: string; readonly value: string }[];
    };

export interface Rewrite {
  /** The matched prefix, or the whole path of an exact or regex match. */
  readonly path?: string;
  readonly authority?: string;
  readonly pathRegex?: { readonly pattern: string; readonly substitution: string };
}

/** One session stays at one endpoint, which a cookie or a header names (Gateway API, GEP-1619). */
export interface SessionPersistence {
  readonly kind: 'cookie' | 'header';
  readonly name: string;
  /** Of a cookie. Absent: as long as the browser runs. */
  readonly lifetimeMs?: number;
  readonly path?: string;
}

export type RouteAction =
  | {
      readonly kind: 'forward';
      readonly destinations: readonly WeightedCluster[];
      readonly rewrite?: Rewrite;
      readonly timeoutMs?: number;
      readonly retries?: Retries;
      readonly mirrors?: readonly Mirror[];
      readonly hashPolicies?: readonly HashPolicy[];
      readonly sessionPersistence?: SessionPersistence;
    }
  | {
      readonly kind: 'redirect';
      readonly path?: string;
      /** Replaces the matched prefix and keeps the rest (Istio's `prefixRewrite`). */
      readonly pathPrefix?: string;
      readonly authority?: string;
      readonly scheme?: string;
      /** Unset: as Envoy does, the port of the request unless the scheme changes. */
      readonly port?: number | 'protocol-default' | 'from-request';
      readonly status: number;
    }
  /** `bodyBase64` is a body that is not text. */
  | { readonly kind: 'respond'; readonly status: number; readonly body?: string; readonly bodyBase64?: string };

export interface RoutePlan {
  readonly name?: string;
  readonly match: HttpMatch;
  readonly action: RouteAction;
  readonly fault?: Fault;
  readonly cors?: CorsPolicy;
  readonly requestHeaders?: HeaderOperations;
  readonly responseHeaders?: HeaderOperations;
  /** Prefix of statistics of this route alone. */
  readonly statPrefix?: string;
  /** What TrafficPolicies say of it. */
  readonly limits?: RouteLimits;
  readonly origin: Origin;
}

/** Named as Istio names it: `reviews.default.svc.cluster.local:9080`. Domains are unique within a route configuration. */
export interface VirtualHostPlan {
  readonly name: string;
  readonly domains: readonly string[];
  /** In the order of evaluation. */
  readonly routes: readonly RoutePlan[];
  /** Plain HTTP is redirected to HTTPS (Gateway `tls.httpsRedirect`). */
  readonly requireTls?: boolean;
  readonly origin: Origin;
}

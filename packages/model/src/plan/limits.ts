import type { Origin } from '../provenance.ts';
import type { StringMatch } from './match.ts';

/** Part of a key by which requests are counted together. */
export type RateLimitDescriptor =
  /** All requests together. */
  | { readonly kind: 'generic'; readonly value: string }
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'source-address' }
  /** Counts only where the header matches. */
  | { readonly kind: 'header-match'; readonly name: string; readonly match: StringMatch; readonly value: string };

/** Token bucket of one proxy (Envoy's local_ratelimit). */
export interface LocalRateLimit {
  readonly tokens: number;
  readonly tokensPerFill: number;
  readonly fillIntervalMs: number;
  /** Status of a refused request. Unset: 429. */
  readonly status?: number;
  readonly origin: Origin;
}

/** Counted for all proxies together by the rate-limit service (envoy.service.ratelimit.v3). */
export interface GlobalRateLimit {
  /** Name of the rule in the service's configuration; its first descriptor entry. */
  readonly rule: string;
  readonly descriptors: readonly RateLimitDescriptor[];
  /** What happens when the service does not answer. */
  readonly onFailure: 'allow' | 'deny';
  readonly origin: Origin;
}

/** The longest that a request may take over all its hops; what is left of it travels with the request. */
export interface Deadline {
  /** Absent: this route gives none of its own, but looks at one that a request brings. */
  readonly budgetMs?: number;
  readonly origin: Origin;
}

/** What TrafficPolicies (meshwise.dev) add to a route. */
export interface RouteLimits {
  readonly local?: LocalRateLimit;
  readonly global?: readonly GlobalRateLimit[];
  readonly deadline?: Deadline;
}

/** Which functions the mesh uses anywhere, since proxies then need more than a route can bring. */
export interface HttpFunctions {
  /** Requests carry deadlines, which every proxy looks at. */
  readonly deadlines?: boolean;
  /** Proxies ask the rate-limit service. */
  readonly globalRateLimits?: boolean;
}

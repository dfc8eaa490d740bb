import type { GlobalRateLimit, HealthCheck, LocalRateLimit } from '../plan.ts';
import type { ItemBase } from './item.ts';

/** What a TrafficPolicy is attached to, in the namespace of the policy (Gateway API, GEP-713). */
export interface PolicyTarget {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  /** A port of a Service by name or number, a rule of a VirtualService or of a route by name, a server of a Gateway by port name. */
  readonly sectionName?: string;
}

/** One counter of the rate-limit service: so many requests in so much time. */
export interface GlobalRateLimitRule {
  /** `namespace/policy/name`. */
  readonly rule: string;
  readonly requests: number;
  readonly perMs: number;
}

/**
 * meshwise.dev TrafficPolicy: functions that Envoy has and no field of Istio or Gateway API configures.
 * Rate limits and bulkheads act at the server's proxy (or the gateway), health checks, retry budgets at the client's,
 * deadlines at every proxy on the way.
 */
export interface TrafficPolicyItem extends ItemBase {
  readonly kind: 'traffic-policy';
  readonly targets: readonly PolicyTarget[];
  readonly localRateLimit?: LocalRateLimit;
  readonly globalRateLimits: readonly GlobalRateLimit[];
  /** The counters of the global limits, for the rate-limit service. */
  readonly globalRules: readonly GlobalRateLimitRule[];
  readonly healthCheck?: HealthCheck;
  readonly bulkhead?: {
    readonly maxConnections?: number;
    readonly maxRequests?: number;
    readonly maxPendingRequests?: number;
  };
  readonly deadlineMs?: number;
  readonly retryBudget?: { readonly percent: number; readonly minConcurrency: number };
}

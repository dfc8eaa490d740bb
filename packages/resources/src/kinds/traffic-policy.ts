import { Type } from 'typebox';
import { allOptional, Count, Duration, exactlyOne, opt, type TypeOf } from './schema.ts';

const TargetRef = Type.Object({
  group: opt(Type.String()),
  /** A Gateway is Istio's, unless `group` is that of the Gateway API. */
  kind: Type.Enum(['Service', 'Gateway', 'VirtualService', 'HTTPRoute', 'GRPCRoute']),
  name: Type.String({ minLength: 1 }),
  /** A port of a Service by name or number, a rule of a VirtualService or of a route, a server of a Gateway by its port's or its own name. */
  sectionName: opt(Type.String({ minLength: 1 })),
});

const Positive = Type.Integer({ minimum: 1, maximum: 4294967295 });

const LocalRateLimit = Type.Object({
  requests: Positive,
  per: Duration,
  /** The most that may come at once; `requests` unless given. */
  burst: opt(Positive),
  status: opt(Type.Integer({ minimum: 400, maximum: 599 })),
});

/** Requests are counted apart by what `by` names, and together without it. */
const By = allOptional(
  { header: Type.String({ minLength: 1 }), sourceAddress: Type.Boolean() },
  exactlyOne('header', 'sourceAddress'),
);

const When = Type.Object(
  {
    header: Type.String({ minLength: 1 }),
    exact: opt(Type.String()),
    prefix: opt(Type.String()),
    regex: opt(Type.String()),
  },
  exactlyOne('exact', 'prefix', 'regex'),
);

const GlobalRateLimit = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 63 }),
  requests: Count,
  per: Duration,
  by: opt(Type.Array(By, { maxItems: 8 })),
  when: opt(Type.Array(When, { maxItems: 8 })),
  /** What happens while the rate-limit service does not answer. */
  onFailure: opt(Type.Enum(['Allow', 'Deny'])),
});

const Status = Type.Integer({ minimum: 100, maximum: 599 });

const HealthCheck = Type.Object(
  {
    http: opt(
      allOptional({
        path: Type.String({ minLength: 1 }),
        host: Type.String(),
        expectedStatuses: Type.Array(Type.Object({ from: Status, to: Status }), { maxItems: 32 }),
      }),
    ),
    grpc: opt(allOptional({ service: Type.String() })),
    tcp: opt(Type.Object({})),
    interval: opt(Duration),
    timeout: opt(Duration),
    unhealthyThreshold: opt(Positive),
    healthyThreshold: opt(Positive),
  },
  exactlyOne('http', 'grpc', 'tcp'),
);

/** meshwise.dev TrafficPolicy. */
export const TrafficPolicySpecSchema = Type.Object({
  targetRefs: Type.Array(TargetRef, { minItems: 1, maxItems: 16 }),
  rateLimit: opt(allOptional({ local: LocalRateLimit, global: Type.Array(GlobalRateLimit, { maxItems: 32 }) })),
  healthCheck: opt(HealthCheck),
  bulkhead: opt(allOptional({ maxConnections: Positive, maxRequests: Positive, maxPendingRequests: Positive })),
  deadline: opt(Duration),
  retryBudget: opt(allOptional({ percent: Type.Number({ minimum: 0, maximum: 100 }), minConcurrency: Count })),
});
export type TrafficPolicySpec = TypeOf<typeof TrafficPolicySpecSchema>;

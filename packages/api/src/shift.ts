import Type from 'typebox';
import { Traffic } from './health.ts';
import { FieldChange, Problem } from './operations.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Weights = Type.Record(Type.String(), Type.Number());

/** `spec` of a TrafficShift; the kind's own schema, which says more of it, is what an apply is held against. */
export const ShiftSpec = Type.Object({
  targetRef: Type.Object({
    group: Type.Optional(Type.Literal('networking.istio.io')),
    kind: Type.Literal('VirtualService'),
    name: Type.String(),
    route: Type.Optional(Type.Union([Type.Integer(), Type.String()])),
  }),
  versions: Type.Array(
    Type.Object({
      name: Type.String(),
      host: Type.String(),
      subset: Type.Optional(Type.String()),
      port: Type.Optional(Type.Integer()),
    }),
  ),
  steps: Type.Array(
    Type.Object({
      weights: Weights,
      hold: Type.Optional(Type.String()),
      gate: Type.Optional(
        Type.Object({
          minRequests: Type.Optional(Type.Integer()),
          successRate: Type.Optional(Type.Number()),
          p99: Type.Optional(Type.String()),
        }),
      ),
    }),
  ),
  onFailure: Type.Optional(Type.Union([Type.Literal('Restore'), Type.Literal('Pause')])),
  dataTimeout: Type.Optional(Type.String()),
  testers: Type.Optional(
    Type.Object({
      version: Type.String(),
      headers: Type.Optional(
        Type.Record(
          Type.String(),
          Type.Object({
            exact: Type.Optional(Type.String()),
            prefix: Type.Optional(Type.String()),
            regex: Type.Optional(Type.String()),
          }),
        ),
      ),
      cookie: Type.Optional(Type.Object({ name: Type.String(), value: Type.String() })),
    }),
  ),
  mirror: Type.Optional(Type.Object({ version: Type.String(), percent: Type.Number() })),
  paused: Type.Optional(Type.Boolean()),
  promote: Type.Optional(Type.Boolean()),
  abort: Type.Optional(Type.Boolean()),
});
export type ShiftSpec = Type.Static<typeof ShiftSpec>;

export const ShiftPhase = Type.Union([
  Type.Literal('Pending'),
  Type.Literal('Shifting'),
  Type.Literal('Holding'),
  Type.Literal('Paused'),
  Type.Literal('Restoring'),
  Type.Literal('Promoted'),
  Type.Literal('Aborted'),
  Type.Literal('RolledBack'),
  Type.Literal('Failed'),
]);
export type ShiftPhase = Type.Static<typeof ShiftPhase>;

/** One version in the window of the step: from two seconds after its weights were set, or from when a pause ended. */
export const ShiftVersionView = Type.Object({
  name: Type.String(),
  setWeight: Nullable(Type.Number()),
  /** Share of the requests; null without any, and while copies of requests count too. */
  observedWeight: Nullable(Type.Number()),
  requests: Type.Integer(),
  errors: Type.Integer(),
  successRate: Nullable(Type.Number()),
  /** Of how many requests the percentiles are. */
  latencySamples: Type.Integer(),
  /** Upper ends of Envoy's buckets: whole milliseconds, and steps of a tenth above ten. */
  p50Ms: Nullable(Type.Number()),
  p99Ms: Nullable(Type.Number()),
});
export type ShiftVersionView = Type.Static<typeof ShiftVersionView>;

export const ShiftCheck = Type.Object({
  version: Type.String(),
  figure: Type.Union([Type.Literal('requests'), Type.Literal('successRate'), Type.Literal('p99')]),
  verdict: Type.Union([Type.Literal('pass'), Type.Literal('fail'), Type.Literal('insufficient')]),
  measured: Nullable(Type.Number()),
  limit: Type.Number(),
  samples: Type.Integer(),
  needed: Type.Integer(),
  words: Type.String(),
});
export type ShiftCheck = Type.Static<typeof ShiftCheck>;

export const ShiftView = Type.Object({
  namespace: Type.String(),
  name: Type.String(),
  createdAt: Nullable(Type.String()),
  spec: ShiftSpec,
  phase: ShiftPhase,
  message: Type.String(),
  /** Counted from 0; -1 before the first. */
  step: Type.Integer(),
  startedAt: Nullable(Type.String()),
  endedAt: Nullable(Type.String()),
  heldMs: Type.Number(),
  /** `spec.http[0].route`, once it is known. */
  field: Nullable(Type.String()),
  /** In percent, before the shift; null before it began. */
  before: Nullable(Weights),
  versions: Type.Array(ShiftVersionView),
  verdict: Type.Union([Type.Literal('pass'), Type.Literal('fail'), Type.Literal('insufficient'), Type.Literal('none')]),
  checks: Type.Array(ShiftCheck),
  /** Of how many proxies the figures are, and how many there are; null before the first reading. */
  proxies: Nullable(Type.Object({ read: Type.Integer(), all: Type.Integer() })),
  /** Every decision with its figures, the newest last. */
  log: Type.Array(
    Type.Object({ at: Type.String(), step: Type.Integer(), phase: Type.String(), message: Type.String() }),
  ),
});
export type ShiftView = Type.Static<typeof ShiftView>;

/** What each version did around one moment. */
export const ShiftPoint = Type.Object({
  at: Type.String(),
  step: Type.Integer(),
  versions: Type.Array(
    Type.Object({
      name: Type.String(),
      /** The weight that was set. */
      setPercent: Nullable(Type.Number()),
      requestsPerSecond: Type.Number(),
      sharePercent: Nullable(Type.Number()),
      errorPercent: Nullable(Type.Number()),
      /** Over the last few readings, since Envoy hands latencies over every few seconds. */
      p50Ms: Nullable(Type.Number()),
      p99Ms: Nullable(Type.Number()),
      latencySamples: Type.Integer(),
    }),
  ),
});
export type ShiftPoint = Type.Static<typeof ShiftPoint>;

/** `GET /api/v1/shifts`, the newest first. */
export const ListShiftsResponse = Type.Object({ items: Type.Array(ShiftView) });
export type ListShiftsResponse = Type.Static<typeof ListShiftsResponse>;

/** `GET /api/v1/shifts/{namespace}/{name}`. Points are those since the daemon started. */
export const ShiftResponse = Type.Object({ shift: ShiftView, points: Type.Array(ShiftPoint) });
export type ShiftResponse = Type.Static<typeof ShiftResponse>;

export const ShiftActionRequest = Type.Object({
  action: Type.Union([
    Type.Literal('pause'),
    Type.Literal('resume'),
    Type.Literal('promote'),
    /** Before the end: back to the weights before. After a promotion: the same, as a roll-back. */
    Type.Literal('abort'),
  ]),
});
export type ShiftActionRequest = Type.Static<typeof ShiftActionRequest>;

export const ShiftTargetVersion = Type.Object({
  name: Type.String(),
  host: Type.String(),
  subset: Nullable(Type.String()),
  port: Nullable(Type.Integer()),
  /** As the resource has it, which is relative; null when the route does not go there. */
  weight: Nullable(Type.Number()),
  percent: Type.Number(),
  /** Null when nobody counts them. */
  podsReady: Nullable(Type.Integer()),
  traffic: Traffic,
});
export type ShiftTargetVersion = Type.Static<typeof ShiftTargetVersion>;

/** One route whose weights could be shifted, or cannot and why. */
export const ShiftTarget = Type.Object({
  namespace: Type.String(),
  /** Host of the service that the route goes to. */
  host: Type.String(),
  /** Null when no VirtualService routes the service. */
  virtualService: Nullable(Type.String()),
  hosts: Type.Array(Type.String()),
  /** Index among the owner's routes. */
  route: Nullable(Type.Integer()),
  routeName: Nullable(Type.String()),
  /** What the route matches, in words: one for each alternative. */
  matches: Type.Array(Type.String()),
  managedBy: Nullable(Type.String()),
  /** The fields that a shift would write. */
  patches: Type.Array(Type.String()),
  /** Why it cannot be shifted; null when it can. */
  reason: Nullable(Type.String()),
  /** `default/reviews-v3`, when one is at work on it. */
  shift: Nullable(Type.String()),
  versions: Type.Array(ShiftTargetVersion),
});
export type ShiftTarget = Type.Static<typeof ShiftTarget>;

export const ShiftTargetsResponse = Type.Object({ items: Type.Array(ShiftTarget) });
export type ShiftTargetsResponse = Type.Static<typeof ShiftTargetsResponse>;

/** `POST /api/v1/shifts/review`: a draft, or a manifest that somebody edited. Nothing is changed. */
export const ShiftReviewRequest = Type.Object({
  draft: Type.Optional(Type.Object({ namespace: Type.String(), name: Type.String(), spec: ShiftSpec })),
  manifest: Type.Optional(Type.String({ maxLength: 1_000_000 })),
});
export type ShiftReviewRequest = Type.Static<typeof ShiftReviewRequest>;

export const ShiftReview = Type.Object({
  namespace: Type.String(),
  name: Type.String(),
  /** Null when the manifest cannot be read. */
  spec: Nullable(ShiftSpec),
  /** The TrafficShift as YAML, to be applied as it is. */
  manifest: Type.String(),
  problems: Type.Array(Problem),
  /** What keeps it from beginning. */
  obstacles: Type.Array(Type.String()),
  warnings: Type.Array(Type.String()),
  managedBy: Nullable(Type.String()),
  /** What the first step changes of the VirtualService, field by field. */
  changes: Type.Array(FieldChange),
  /** The VirtualService as YAML: as it is, with the first step, and at the end. */
  before: Nullable(Type.String()),
  first: Nullable(Type.String()),
  last: Nullable(Type.String()),
  matches: Type.Array(Type.String()),
  /** Who sends requests to these versions now. */
  callers: Type.Array(Type.Object({ workload: Type.String(), requestsPerSecond: Type.Number() })),
  requestsPerSecond: Nullable(Type.Number()),
});
export type ShiftReview = Type.Static<typeof ShiftReview>;

import { Type } from 'typebox';
import { StringMatchSchema } from './istio-common.ts';
import { allOptional, Duration, listMap, opt, Port, type TypeOf, text } from './schema.ts';

const Percent = Type.Integer({ minimum: 0, maximum: 100 });
/** By the name of a version; a version that is not named has 0. The rules of the kind ask for a sum of 100. */
const Weights = Type.Record(Type.String(), Percent);
const WholeCount = Type.Integer({ minimum: 0 });

/** What the versions that gain traffic must show before the shift goes on. */
const GateSchema = allOptional({
  /** Below it every other figure is "insufficient data". 1 unless given; no largest value, but the wait grows with it. */
  minRequests: Type.Integer({ minimum: 1 }),
  /** In percent of the requests; a failure is a response with 5xx, or none. */
  successRate: Type.Number({ minimum: 0, maximum: 100 }),
  /** 99th percentile at the callers' proxies. */
  p99: Duration,
});
export type ShiftGate = TypeOf<typeof GateSchema>;

const StepSchema = Type.Object({
  weights: Weights,
  /** At least this long, before a gate lets the shift go on. Not at all unless given. */
  hold: opt(Duration),
  gate: opt(GateSchema),
});
export type ShiftStep = TypeOf<typeof StepSchema>;

const VersionSchema = Type.Object({
  name: text('dns-label'),
  host: Type.String({ minLength: 1 }),
  subset: opt(Type.String({ minLength: 1 })),
  port: opt(Port),
});
export type ShiftVersion = TypeOf<typeof VersionSchema>;

/** meshwise.dev TrafficShift: how the weights of one route go from what they are to what they shall be. */
export const TrafficShiftSpecSchema = Type.Object({
  targetRef: Type.Object({
    group: opt(Type.Enum(['networking.istio.io'])),
    kind: Type.Enum(['VirtualService']),
    name: text('dns-subdomain'),
    /** Name of the HTTP route, or its index. Not needed when only one route splits or could split. */
    route: opt(Type.Union([Type.Integer({ minimum: 0 }), Type.String({ minLength: 1 })])),
  }),
  versions: Type.Array(VersionSchema, {
    minItems: 2,
    maxItems: 16,
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
  }),
  steps: Type.Array(StepSchema, { minItems: 1, maxItems: 100 }),
  /** What a gate that fails does: `Restore` the weights before the shift (the default), or `Pause` where it is. */
  onFailure: opt(Type.Enum(['Restore', 'Pause'])),
  /** How long, after `hold`, a gate may lack data before it counts as failed. For ever unless given. */
  dataTimeout: opt(Duration),
  /** Requests that go to one version whatever the weights are, as long as the shift lasts. */
  testers: opt(
    Type.Object({
      version: text('dns-label'),
      headers: opt(Type.Record(Type.String(), StringMatchSchema)),
      cookie: opt(Type.Object({ name: Type.String({ minLength: 1 }), value: Type.String() })),
    }),
  ),
  /** Copies of requests, whose answers nobody sees, as long as the shift lasts. */
  mirror: opt(Type.Object({ version: text('dns-label'), percent: Type.Number({ minimum: 0, maximum: 100 }) })),
  /** Nothing happens by itself, neither forward nor back, until it is false again. */
  paused: opt(Type.Boolean()),
  /** Goes to the weights of the last step now, whatever gates say. */
  promote: opt(Type.Boolean()),
  /** Restores the weights before the shift, also of one that has ended well. Stronger than `promote`. */
  abort: opt(Type.Boolean()),
});
export type TrafficShiftSpec = TypeOf<typeof TrafficShiftSpecSchema>;

const PHASES = [
  'Pending',
  'Shifting',
  'Holding',
  'Paused',
  'Restoring',
  'Promoted',
  'Aborted',
  'RolledBack',
  'Failed',
] as const;

const VersionStatusSchema = Type.Object({
  name: Type.String(),
  /** In percent, as the route has it. */
  setWeight: opt(Type.Number()),
  /** Share of the requests in the window; absent without any, and while requests are mirrored. */
  observedWeight: opt(Type.Number()),
  requests: WholeCount,
  errors: WholeCount,
  successRate: opt(Type.Number()),
  /** Latencies come up to five seconds after their requests, so there are fewer of them. */
  latencySamples: WholeCount,
  p50Ms: opt(Type.Number()),
  p99Ms: opt(Type.Number()),
  /** `floor+width:count`, in milliseconds: Envoy's buckets in this window, from which a new daemon goes on. */
  latencies: Type.String(),
});
export type ShiftVersionStatus = TypeOf<typeof VersionStatusSchema>;

const GateCheckSchema = Type.Object({
  version: Type.String(),
  figure: Type.Enum(['requests', 'successRate', 'p99']),
  verdict: Type.Enum(['pass', 'fail', 'insufficient']),
  measured: opt(Type.Number()),
  limit: Type.Number(),
  samples: WholeCount,
  needed: WholeCount,
  words: Type.String(),
});
export type ShiftGateCheck = TypeOf<typeof GateCheckSchema>;

const LogEntrySchema = Type.Object({
  at: Type.String(),
  step: Type.Integer(),
  phase: Type.String(),
  message: Type.String(),
});
export type ShiftLogEntry = TypeOf<typeof LogEntrySchema>;

/** Everything the controller needs to go on after it was killed is here. */
export const TrafficShiftStatusSchema = allOptional({
  phase: Type.Enum([...PHASES]),
  message: Type.String(),
  /** What the shift becomes once the route is written. */
  ending: Type.Enum(['Promoted', 'Aborted', 'RolledBack']),
  observedGeneration: Type.Integer(),
  /** From 0; -1 before the first. */
  step: Type.Integer(),
  startedAt: Type.String(),
  stepStartedAt: Type.String(),
  endedAt: Type.String(),
  /** For how long of this step the controller watched; grows neither while it is paused nor while nobody measures. */
  heldMs: Type.Number(),
  /** The whole of `versions` and `targetRef` with which it began; others than these are refused. */
  plan: Type.String(),
  target: allOptional({
    /** `spec.http[0]`. */
    field: Type.String(),
    /** The parts of the route that the shift changes, as they were before it. */
    before: Type.Unknown(),
    /** As they were written last, or are about to be. */
    written: Type.Unknown(),
    /** As they were before `written`, while it is not sure that it was. */
    previous: Type.Unknown(),
  }),
  gate: allOptional({
    verdict: Type.Enum(['pass', 'fail', 'insufficient', 'none']),
    checks: Type.Array(GateCheckSchema),
  }),
  versions: listMap(VersionStatusSchema, 'name'),
  /** Of how many proxies the figures are, and how many there are. */
  proxies: allOptional({ read: WholeCount, all: WholeCount }),
  /** Decisions with their figures, the newest last; the oldest are dropped. */
  log: Type.Array(LogEntrySchema),
});
export type TrafficShiftStatus = TypeOf<typeof TrafficShiftStatusSchema>;
export type ShiftPhase = (typeof PHASES)[number];

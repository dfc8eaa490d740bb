import { LoadPlan, LoadSummary } from '@meshwise/load';
import Type from 'typebox';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/**
 * `finished` ran as planned; `stopped` was ended by a person, `aborted` by a criterion of its own; `partial` lost its generator or
 * its daemon and keeps what was measured until then; `failed` measured nothing.
 */
export const RunState = Type.Enum(['running', 'finished', 'stopped', 'aborted', 'partial', 'failed']);
export type RunState = Type.Static<typeof RunState>;

/** Sidecars on the way: none, the server's, the client's and the server's. */
export const PathVariant = Type.Union([Type.Literal('none'), Type.Literal('server'), Type.Literal('both')]);
export type PathVariant = Type.Static<typeof PathVariant>;

export const RunTarget = Type.Object({
  /** As the user wrote it. */
  text: Type.String(),
  /** Where requests went. */
  url: Type.String(),
  /** Inside: from a workload of the mesh; outside: from this machine. */
  from: Type.Union([Type.Literal('outside'), Type.Literal('inside')]),
  service: Nullable(Type.Object({ namespace: Type.String(), name: Type.String(), port: Type.Integer() })),
  variant: Nullable(PathVariant),
});
export type RunTarget = Type.Static<typeof RunTarget>;

export const Criterion = Type.Object({
  metric: Type.Union([
    Type.Literal('responseP50Ms'),
    Type.Literal('responseP99Ms'),
    Type.Literal('errorPercent'),
    Type.Literal('achievedPercent'),
  ]),
  /** At most for latencies and errors, at least for `achievedPercent`. */
  limit: Type.Number({ minimum: 0 }),
});
export type Criterion = Type.Static<typeof Criterion>;
export const CriterionOutcome = Type.Object({
  ...Criterion.properties,
  /** Null when nothing was measured; a criterion then is not met. */
  measured: Nullable(Type.Number()),
  met: Type.Boolean(),
});
export type CriterionOutcome = Type.Static<typeof CriterionOutcome>;

export const UseRole = Type.Enum(['application', 'sidecar', 'gateway', 'control-plane', 'generator']);
export type UseRole = Type.Static<typeof UseRole>;

/** What one of those that took part used while it was measured. */
export const UseRecord = Type.Object({
  role: UseRole,
  /** `default/productpage-v1-…` for applications and sidecars, else a name. */
  name: Type.String(),
  cpuMillicoresMean: Nullable(Type.Number()),
  cpuMillicoresMax: Nullable(Type.Number()),
  cpuMsPer1000Requests: Nullable(Type.Number()),
  memoryBytesMean: Nullable(Type.Number()),
  memoryBytesMax: Nullable(Type.Number()),
  samples: Type.Integer(),
});
export type UseRecord = Type.Static<typeof UseRecord>;

/** What a result depends on besides the plan. */
export const RunEnvironment = Type.Object({
  meshwise: Type.String(),
  node: Type.String(),
  system: Type.String(),
  cpuModel: Type.String(),
  cores: Type.Integer(),
  memoryBytes: Type.Number(),
  /** Load average over a minute before the run. */
  loadAverage: Type.Number(),
  envoy: Nullable(Type.String()),
  capture: Nullable(Type.String()),
  /** Changes when any resource's specification does; null without a mesh. */
  configurationHash: Nullable(Type.String()),
});
export type RunEnvironment = Type.Static<typeof RunEnvironment>;

/** A load test with its result. The plan is without private keys and secret headers. */
export const RunRecord = Type.Object({
  id: Type.String(),
  name: Type.String(),
  state: RunState,
  /** Why it ended as it did, when not as planned; what could not be measured. */
  note: Nullable(Type.String()),
  startedAt: Type.String(),
  endedAt: Nullable(Type.String()),
  target: RunTarget,
  plan: LoadPlan,
  /** The plan in words, as it was shown before the start. */
  words: Type.Array(Type.String()),
  /** The command that does the same. */
  command: Type.String(),
  environment: RunEnvironment,
  /** Null until it has ended, and when nothing was measured. */
  summary: Nullable(LoadSummary),
  use: Type.Array(UseRecord),
  criteria: Type.Array(CriterionOutcome),
  /** Set when the run is a block of an experiment. */
  experiment: Nullable(Type.Object({ id: Type.String(), round: Type.Integer(), variant: PathVariant })),
});
export type RunRecord = Type.Static<typeof RunRecord>;

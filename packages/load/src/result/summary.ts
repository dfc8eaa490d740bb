import Type from 'typebox';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Figures of one histogram in milliseconds; null where nothing was recorded. */
export const Distribution = Type.Object({
  count: Type.Integer(),
  minMs: Nullable(Type.Number()),
  meanMs: Nullable(Type.Number()),
  standardDeviationMs: Nullable(Type.Number()),
  p50Ms: Nullable(Type.Number()),
  p75Ms: Nullable(Type.Number()),
  p90Ms: Nullable(Type.Number()),
  p95Ms: Nullable(Type.Number()),
  p99Ms: Nullable(Type.Number()),
  p999Ms: Nullable(Type.Number()),
  p9999Ms: Nullable(Type.Number()),
  maxMs: Nullable(Type.Number()),
});
export type Distribution = Type.Static<typeof Distribution>;

export const Verdict = Type.Union([Type.Literal('trust'), Type.Literal('doubt'), Type.Literal('do not trust')]);
export type Verdict = Type.Static<typeof Verdict>;

/** Whether to believe a run, with every reason for and against. */
export const Trust = Type.Object({
  verdict: Verdict,
  /** The reasons that decided, in one sentence. */
  reason: Type.String(),
  checks: Type.Array(Type.Object({ check: Type.String(), verdict: Verdict, text: Type.String() })),
});
export type Trust = Type.Static<typeof Trust>;

/** What one second was like, all workers together. */
export const SecondView = Type.Object({
  second: Type.Integer(),
  scheduled: Type.Integer(),
  completed: Type.Integer(),
  failed: Type.Integer(),
  dropped: Type.Integer(),
  inFlight: Type.Integer(),
  backlog: Type.Integer(),
  responseP50Ms: Nullable(Type.Number()),
  responseP99Ms: Nullable(Type.Number()),
  serviceP50Ms: Nullable(Type.Number()),
  serviceP99Ms: Nullable(Type.Number()),
  lagP99Ms: Nullable(Type.Number()),
  /** Cores in use by the generator: 1 is one of them busy all the time. */
  generatorCores: Type.Number(),
});
export type SecondView = Type.Static<typeof SecondView>;

/** A run in figures, the warm-up left out. */
export const LoadSummary = Type.Object({
  /** Time that was measured, which is less than planned when the run was ended early. */
  measuredMs: Type.Number(),
  plannedMs: Type.Number(),
  /** Null in a closed loop without a cap. */
  requestedRps: Nullable(Type.Number()),
  achievedRps: Type.Number(),
  scheduled: Type.Integer(),
  sent: Type.Integer(),
  completed: Type.Integer(),
  failed: Type.Integer(),
  dropped: Type.Integer(),
  bytesSent: Type.Integer(),
  bytesReceived: Type.Integer(),
  connectionsOpened: Type.Integer(),
  statuses: Type.Record(Type.String(), Type.Integer()),
  errors: Type.Array(Type.Object({ kind: Type.String(), count: Type.Integer(), sample: Nullable(Type.String()) })),
  service: Distribution,
  response: Distribution,
  lag: Distribution,
  errorResponse: Distribution,
  generator: Type.Object({
    workers: Type.Integer(),
    /** Mean and the worst second of any worker, in cores. */
    cores: Type.Number(),
    busiestWorkerCores: Type.Number(),
    loopDelayMaxMs: Type.Number(),
    clockResolutionNs: Type.Number(),
    /** Null when it is not known whether they did. */
    sharesCoresWithTarget: Nullable(Type.Boolean()),
  }),
  trust: Trust,
});
export type LoadSummary = Type.Static<typeof LoadSummary>;

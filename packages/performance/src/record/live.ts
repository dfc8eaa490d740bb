import { Distribution, SecondView } from '@meshwise/load';
import Type from 'typebox';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** A run while it goes on; sent about twice a second. */
export const LiveRun = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** Set in an experiment: "block 4 of 15: both sidecars". */
  step: Nullable(Type.String()),
  phase: Type.Union([
    Type.Literal('preparing'),
    Type.Literal('warming up'),
    Type.Literal('measuring'),
    Type.Literal('ending'),
  ]),
  elapsedMs: Type.Number(),
  remainingMs: Type.Number(),
  requestedRps: Nullable(Type.Number()),
  /** Over the last whole second. */
  achievedRps: Type.Number(),
  completed: Type.Integer(),
  failed: Type.Integer(),
  dropped: Type.Integer(),
  inFlight: Type.Integer(),
  backlog: Type.Integer(),
  /** Since the start of the measured time. */
  service: Distribution,
  response: Distribution,
  lag: Distribution,
  errors: Type.Array(Type.Object({ kind: Type.String(), count: Type.Integer(), sample: Nullable(Type.String()) })),
  generatorCores: Type.Number(),
  loopDelayMaxMs: Type.Number(),
  /** The last two minutes. */
  seconds: Type.Array(SecondView),
});
export type LiveRun = Type.Static<typeof LiveRun>;

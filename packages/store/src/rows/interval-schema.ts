import { ERROR_KINDS, type Interval } from '@meshwise/load';
import Type from 'typebox';
import { Compile } from 'typebox/compile';

const Kind = Type.Union(ERROR_KINDS.map((kind) => Type.Literal(kind)));
const byKind = <T extends Type.TSchema>(value: T) => Type.Partial(Type.Record(Kind, value));
const Sparse = Type.Array(Type.Number());

const IntervalShape = Type.Object({
  worker: Type.Integer(),
  second: Type.Integer(),
  scheduled: Type.Number(),
  sent: Type.Number(),
  completed: Type.Number(),
  failed: Type.Number(),
  dropped: Type.Number(),
  bytesSent: Type.Number(),
  bytesReceived: Type.Number(),
  connectionsOpened: Type.Number(),
  inFlight: Type.Number(),
  backlog: Type.Number(),
  statuses: Type.Record(Type.String(), Type.Number()),
  errors: byKind(Type.Number()),
  errorSamples: byKind(Type.String()),
  service: Sparse,
  response: Sparse,
  lag: Sparse,
  errorResponse: Sparse,
  generator: Type.Object({ elapsedMs: Type.Number(), cpuMs: Type.Number(), loopDelayMaxMs: Type.Number() }),
});

const validator = Compile(IntervalShape);

/** Whether what was read is an interval of the shape that the load engine gives. */
export function isInterval(value: unknown): value is Interval {
  return validator.Check(value);
}

import Type from 'typebox';
import { LoadAbort, LoadPlan, LoadRequest, LoadStage, LoadTls } from './plan.ts';

/** A request as people say it: the rest comes from the target. `path` is resolved against the target's URL. */
export const RequestInput = Type.Object({
  weight: Type.Optional(LoadRequest.properties.weight),
  method: Type.Optional(LoadRequest.properties.method),
  path: Type.Optional(Type.String({ maxLength: 16_384 })),
  headers: Type.Optional(LoadRequest.properties.headers),
  body: Type.Optional(LoadRequest.properties.body),
});
export type RequestInput = Type.Static<typeof RequestInput>;

/** What of a plan a user may say; `completePlan` fills in the rest and checks what no schema can. */
export const LoadInput = Type.Object({
  protocol: Type.Optional(LoadPlan.properties.protocol),
  requests: Type.Optional(Type.Array(RequestInput, { minItems: 1, maxItems: 1_000 })),
  /** Open loop at this rate; `max` is a closed loop without a cap. 100 unless `stages` are given. */
  rps: Type.Optional(Type.Union([Type.Number({ exclusiveMinimum: 0, maximum: 10_000_000 }), Type.Literal('max')])),
  /** A closed loop; `rps` is its cap then. */
  closed: Type.Optional(Type.Boolean()),
  arrivals: Type.Optional(Type.Union([Type.Literal('constant'), Type.Literal('poisson')])),
  stages: Type.Optional(Type.Array(LoadStage, { minItems: 1, maxItems: 1_000 })),
  durationMs: Type.Optional(Type.Number({ minimum: 100, maximum: 86_400_000 })),
  maxRequests: Type.Optional(LoadPlan.properties.maxRequests),
  warmUpMs: Type.Optional(LoadPlan.properties.warmUpMs),
  connections: Type.Optional(LoadPlan.properties.connections.properties.count),
  streamsPerConnection: Type.Optional(LoadPlan.properties.connections.properties.streamsPerConnection),
  burst: Type.Optional(Type.Boolean()),
  /** False: a new connection for each request. */
  keepAlive: Type.Optional(Type.Boolean()),
  requestsPerConnection: Type.Optional(LoadPlan.properties.connections.properties.requestsPerConnection),
  connectTimeoutMs: Type.Optional(LoadPlan.properties.connections.properties.connectTimeoutMs),
  unixSocketPath: Type.Optional(LoadPlan.properties.connections.properties.unixSocketPath),
  resolve: Type.Optional(LoadPlan.properties.connections.properties.resolve),
  tls: Type.Optional(Type.Partial(LoadTls)),
  timeoutMs: Type.Optional(LoadPlan.properties.timeoutMs),
  workers: Type.Optional(LoadPlan.properties.workers),
  seed: Type.Optional(LoadPlan.properties.seed),
  abort: Type.Optional(Type.Partial(LoadAbort)),
  maxBacklog: Type.Optional(LoadPlan.properties.maxBacklog),
  maxHeadBytes: Type.Optional(LoadPlan.properties.maxHeadBytes),
  maxBodyBytes: Type.Optional(LoadPlan.properties.maxBodyBytes),
});
export type LoadInput = Type.Static<typeof LoadInput>;

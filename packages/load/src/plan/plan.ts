import Type from 'typebox';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Milliseconds = Type.Number({ minimum: 0, maximum: 86_400_000 });
const Rate = Type.Number({ minimum: 0, maximum: 10_000_000 });

/** One kind of request; of several, each is sent as often as its weight says. */
export const LoadRequest = Type.Object({
  weight: Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000 }),
  method: Type.String({ pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", maxLength: 32 }),
  /** Absolute, `http:` or `https:`. For gRPC its path is `/package.Service/Method`. */
  url: Type.String({ maxLength: 16_384 }),
  headers: Type.Array(Type.Tuple([Type.String({ minLength: 1, maxLength: 256 }), Type.String({ maxLength: 65_536 })]), {
    maxItems: 256,
  }),
  /** For gRPC one message, without the five bytes before it. */
  body: Nullable(
    Type.Object({ encoding: Type.Union([Type.Literal('utf8'), Type.Literal('base64')]), content: Type.String() }),
  ),
});
export type LoadRequest = Type.Static<typeof LoadRequest>;

/** The rate goes from the one to the other evenly; a step is a stage of the same two rates. */
export const LoadStage = Type.Object({ durationMs: Milliseconds, fromRps: Rate, toRps: Rate });
export type LoadStage = Type.Static<typeof LoadStage>;

/**
 * When requests begin. Open: each has its time, whatever became of those before it. Closed: each connection sends its next
 * request after the last answer, in all no faster than `maxRps`.
 */
export const LoadPace = Type.Union([
  Type.Object({
    kind: Type.Literal('open'),
    arrivals: Type.Union([Type.Literal('constant'), Type.Literal('poisson')]),
    stages: Type.Array(LoadStage, { minItems: 1, maxItems: 1_000 }),
  }),
  Type.Object({ kind: Type.Literal('closed'), durationMs: Milliseconds, maxRps: Nullable(Rate) }),
]);
export type LoadPace = Type.Static<typeof LoadPace>;

export const LoadConnections = Type.Object({
  /** In all, over all workers. */
  count: Type.Integer({ minimum: 1, maximum: 65_536 }),
  /** Requests that may be under way on one connection; more than one with HTTP/2 and gRPC only. */
  streamsPerConnection: Type.Integer({ minimum: 1, maximum: 1_024 }),
  /** All connections start at one moment; otherwise they are opened one after the other before the first request. */
  burst: Type.Boolean(),
  /** A connection is replaced after a number of requests drawn from this range; null keeps it for ever. */
  requestsPerConnection: Nullable(
    Type.Object({ min: Type.Integer({ minimum: 1 }), max: Type.Integer({ minimum: 1 }) }),
  ),
  connectTimeoutMs: Milliseconds,
  unixSocketPath: Nullable(Type.String({ minLength: 1, maxLength: 107 })),
  /** As curl's `--resolve`: this name (and port) is at this address. */
  resolve: Type.Array(
    Type.Object({
      host: Type.String(),
      port: Nullable(Type.Integer({ minimum: 1, maximum: 65_535 })),
      address: Type.String(),
    }),
    { maxItems: 256 },
  ),
});
export type LoadConnections = Type.Static<typeof LoadConnections>;

/** PEM texts, not paths: a plan is sent to where it runs. `key` is taken out before a plan is stored or shown. */
export const LoadTls = Type.Object({
  verify: Type.Boolean(),
  ca: Nullable(Type.String()),
  certificate: Nullable(Type.String()),
  key: Nullable(Type.String()),
  serverName: Nullable(Type.String()),
});
export type LoadTls = Type.Static<typeof LoadTls>;

/** Ends a run early. Judged over the last whole seconds that make up `windowMs`, the warm-up left out. */
export const LoadAbort = Type.Object({
  errorPercent: Nullable(Type.Number({ minimum: 0, maximum: 100 })),
  responseP99Ms: Nullable(Milliseconds),
  windowMs: Milliseconds,
});
export type LoadAbort = Type.Static<typeof LoadAbort>;

/** Everything a load generator has to know. Made by `completePlan` from what a user said; every default is written out. */
export const LoadPlan = Type.Object({
  protocol: Type.Union([Type.Literal('http1'), Type.Literal('http2'), Type.Literal('grpc')]),
  requests: Type.Array(LoadRequest, { minItems: 1, maxItems: 1_000 }),
  pace: LoadPace,
  /** Ends the run after so many requests, if it comes to that. */
  maxRequests: Nullable(Type.Integer({ minimum: 1 })),
  /** Load before the measured time, under the first rate; what happens in it is not in the result. */
  warmUpMs: Milliseconds,
  connections: LoadConnections,
  tls: Nullable(LoadTls),
  /** From sending a request to the end of its answer. */
  timeoutMs: Milliseconds,
  workers: Type.Integer({ minimum: 1, maximum: 64 }),
  /** Of everything random: arrivals, weights, reuse. */
  seed: Type.Integer({ minimum: 0, maximum: 0xffff_ffff }),
  abort: LoadAbort,
  /** Requests whose time has come and which have no free connection; what is beyond is dropped and counted. */
  maxBacklog: Type.Integer({ minimum: 0, maximum: 10_000_000 }),
  /** What an answer may have at most; more is an error of the kind `too-large`, and the connection is closed. */
  maxHeadBytes: Type.Integer({ minimum: 256, maximum: 16_777_216 }),
  maxBodyBytes: Type.Integer({ minimum: 0 }),
});
export type LoadPlan = Type.Static<typeof LoadPlan>;

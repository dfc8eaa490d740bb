import Type from 'typebox';

/**
 * How something is doing. `unknown`: nothing has told us; `idle`: ready, and no request in the last window.
 * Never is an absent answer shown as `healthy`.
 */
export const Health = Type.Union([
  Type.Literal('healthy'),
  Type.Literal('degraded'),
  Type.Literal('failing'),
  Type.Literal('idle'),
  Type.Literal('unknown'),
]);
export type Health = Type.Static<typeof Health>;

/** Request figures over the last sampling window. Null where nothing was measured. */
export const Traffic = Type.Object({
  requestsPerSecond: Type.Union([Type.Number(), Type.Null()]),
  /** Share of responses with status 5xx or no response, 0…100. */
  errorPercent: Type.Union([Type.Number(), Type.Null()]),
  latencyP50Ms: Type.Union([Type.Number(), Type.Null()]),
  latencyP99Ms: Type.Union([Type.Number(), Type.Null()]),
});
export type Traffic = Type.Static<typeof Traffic>;

export const ResourceUse = Type.Object({
  /** Thousandths of one core over the last sampling window. */
  cpuMillicores: Type.Union([Type.Number(), Type.Null()]),
  memoryBytes: Type.Union([Type.Number(), Type.Null()]),
});
export type ResourceUse = Type.Static<typeof ResourceUse>;

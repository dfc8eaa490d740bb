import Type from 'typebox';
import { Health, Traffic } from './health.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const TopologyNode = Type.Object({
  /** `workload/default/productpage-v1`, `gateway/istio-system/ingress`, `service/default/reviews`. */
  id: Type.String(),
  kind: Type.Union([Type.Literal('gateway'), Type.Literal('workload'), Type.Literal('service')]),
  namespace: Type.String(),
  name: Type.String(),
  /** Health, and why. */
  health: Health,
  reason: Nullable(Type.String()),
  /** Has a proxy of its own. */
  injected: Type.Boolean(),
  traffic: Traffic,
});
export type TopologyNode = Type.Static<typeof TopologyNode>;

/** Who calls whom: seen by the caller's proxy, in the last window. From a service to its workloads: what arrived there. */
export const TopologyEdge = Type.Object({
  id: Type.String(),
  from: Type.String(),
  to: Type.String(),
  /** Subset of the service, when the route names one. */
  subset: Nullable(Type.String()),
  protocol: Nullable(Type.String()),
  /** Null when it is not known. */
  mutualTls: Nullable(Type.Boolean()),
  traffic: Traffic,
});
export type TopologyEdge = Type.Static<typeof TopologyEdge>;

/** `GET /api/v1/topology`. Edges are those that carried requests since the proxies started. */
export const TopologyView = Type.Object({
  /** Null before the first measurement. */
  measuredAt: Nullable(Type.String()),
  nodes: Type.Array(TopologyNode),
  edges: Type.Array(TopologyEdge),
});
export type TopologyView = Type.Static<typeof TopologyView>;

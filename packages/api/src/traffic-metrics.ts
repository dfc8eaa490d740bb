import Type from 'typebox';

/** Kubernetes' ObjectReference, as far as SMI uses it. */
const ObjectReference = Type.Object({
  kind: Type.Optional(Type.String()),
  namespace: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
});

const Metric = Type.Object({
  /** `p99_response_latency`, `p90_response_latency`, `p50_response_latency`, `success_count` or `failure_count`. */
  name: Type.String(),
  /** Of latencies: `seconds`. */
  unit: Type.Optional(Type.String()),
  /** Kubernetes' Quantity: `12m` is 0.012. */
  value: Type.String(),
});

/** metrics.smi-spec.io/v1alpha1 TrafficMetrics. */
export const TrafficMetrics = Type.Object({
  apiVersion: Type.Literal('metrics.smi-spec.io/v1alpha1'),
  kind: Type.Literal('TrafficMetrics'),
  resource: ObjectReference,
  /** `from`: what it received. An empty `resource` is all of it; one without a name is one of several that cannot be told apart. */
  edge: Type.Object({
    direction: Type.Union([Type.Literal('to'), Type.Literal('from')]),
    side: Type.Union([Type.Literal('client'), Type.Literal('server')]),
    resource: ObjectReference,
  }),
  /** Only of a TrafficSplit. */
  backend: Type.Optional(Type.Object({ apex: Type.String(), name: Type.String(), weight: Type.Number() })),
  timestamp: Type.String(),
  /** How long the window really is. */
  window: Type.String(),
  /** Without requests in the window there are no latencies; where no proxy measures, there is nothing. */
  metrics: Type.Array(Metric),
});
export type TrafficMetrics = Type.Static<typeof TrafficMetrics>;

export const TrafficMetricsList = Type.Object({
  apiVersion: Type.Literal('metrics.smi-spec.io/v1alpha1'),
  kind: Type.Literal('TrafficMetricsList'),
  resource: ObjectReference,
  /** Kubernetes' LabelSelector: which items were asked for. */
  selector: Type.Optional(
    Type.Object({
      matchLabels: Type.Record(Type.String(), Type.String()),
      matchExpressions: Type.Array(
        Type.Object({ key: Type.String(), operator: Type.String(), values: Type.Optional(Type.Array(Type.String())) }),
      ),
    }),
  ),
  items: Type.Array(TrafficMetrics),
});
export type TrafficMetricsList = Type.Static<typeof TrafficMetricsList>;

/** Kubernetes' APIResourceList. */
export const TrafficMetricsResources = Type.Object({
  apiVersion: Type.Literal('v1'),
  kind: Type.Literal('APIResourceList'),
  groupVersion: Type.Literal('metrics.smi-spec.io/v1alpha1'),
  resources: Type.Array(
    Type.Object({
      name: Type.String(),
      singularName: Type.String(),
      namespaced: Type.Boolean(),
      kind: Type.Literal('TrafficMetrics'),
      verbs: Type.Array(Type.String()),
    }),
  ),
});
export type TrafficMetricsResources = Type.Static<typeof TrafficMetricsResources>;

/** Which items are listed; the figures of each stay those of all its pods. */
export const TrafficMetricsQuery = Type.Object({ labelSelector: Type.Optional(Type.String()) });
export type TrafficMetricsQuery = Type.Static<typeof TrafficMetricsQuery>;

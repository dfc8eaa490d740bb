import type { TrafficMetrics, TrafficMetricsList } from '@meshwise/api';
import { formatDurationMs, formatQuantity, type LabelRequirement } from '@meshwise/resources';
import { percentileMs } from '../shift/latencies.ts';
import type { Figures } from './figures.ts';
import type { TrafficWindow } from './recorder.ts';

const VERSION = { apiVersion: 'metrics.smi-spec.io/v1alpha1' } as const;
const PERCENTILES = [99, 90, 50] as const;

export type Reference = TrafficMetrics['resource'];

/** `default/reviews` as an ObjectReference. */
export function referenceTo(kind: string, name: string): Reference {
  const [first = '', second] = name.split('/');
  return second === undefined ? { kind, name: first } : { kind, namespace: first, name: second };
}

export interface Measured {
  readonly resource: Reference;
  readonly edge: TrafficMetrics['edge'];
  readonly backend?: NonNullable<TrafficMetrics['backend']>;
  /** Undefined: nobody measures it. */
  readonly figures: Figures | undefined;
}

export function trafficMetrics(measured: Measured, { atMs, elapsedMs }: TrafficWindow): TrafficMetrics {
  const { resource, edge, backend, figures } = measured;
  return {
    ...VERSION,
    kind: 'TrafficMetrics',
    resource,
    edge,
    ...(backend === undefined ? {} : { backend }),
    timestamp: new Date(atMs).toISOString(),
    window: formatDurationMs(Math.round(elapsedMs)),
    metrics: figures === undefined ? [] : metricsOf(figures),
  };
}

/** Latencies in the unit that the specification has, not that of its SDK, which speaks of `ms`. */
function metricsOf({ requests, failures, latencies }: Figures): TrafficMetrics['metrics'] {
  const percentiles = PERCENTILES.flatMap((percent) => {
    const ms = percentileMs(latencies, percent);
    const name = `p${percent}_response_latency`;
    return ms === undefined ? [] : [{ name, unit: 'seconds', value: formatQuantity(ms / 1000) }];
  });
  return [
    ...percentiles,
    { name: 'success_count', value: String(requests - failures) },
    { name: 'failure_count', value: String(failures) },
  ];
}

export function trafficMetricsList(
  resource: Reference,
  requirements: readonly LabelRequirement[],
  items: readonly TrafficMetrics[],
): TrafficMetricsList {
  return {
    ...VERSION,
    kind: 'TrafficMetricsList',
    resource,
    ...(requirements.length === 0 ? {} : { selector: selectorOf(requirements) }),
    items: [...items],
  };
}

function selectorOf(requirements: readonly LabelRequirement[]): NonNullable<TrafficMetricsList['selector']> {
  const isLabel = (one: LabelRequirement) => one.operator === 'In' && one.values.length === 1;
  return {
    matchLabels: Object.fromEntries(
      requirements.flatMap((one) => (isLabel(one) && 'values' in one ? [[one.key, one.values[0] ?? '']] : [])),
    ),
    matchExpressions: requirements
      .filter((one) => !isLabel(one))
      .map((one) => ({
        key: one.key,
        operator: one.operator,
        ...('values' in one ? { values: [...one.values] } : {}),
      })),
  };
}

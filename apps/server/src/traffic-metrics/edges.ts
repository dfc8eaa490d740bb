import { type Figures, sumOf } from './figures.ts';
import type { MeasuredKind } from './measured-kinds.ts';
import type { Population } from './population.ts';
import { receiversOf, type Sent } from './sent.ts';

/** Requests between a resource and another one of its kind, as the proxies of the clients saw them. */
export interface Edge {
  readonly direction: 'to' | 'from';
  /** Undefined: one of several, which Envoy does not tell apart. */
  readonly peer: string | undefined;
  readonly figures: Figures;
}

/**
 * The edges of one resource. Servers do not know their clients' names in their statistics, so both directions are seen at the
 * client: what it sent on a cluster of which all endpoints belong to one resource was sent to that one.
 */
export function edgesOf(
  kind: MeasuredKind['kind'],
  resource: string,
  all: readonly Sent[],
  population: Population,
): readonly Edge[] {
  const edges = new Map<string, { direction: Edge['direction']; peer: string | undefined; figures: Figures[] }>();
  const add = (direction: Edge['direction'], peer: string | undefined, figures: Figures) => {
    const key = `${direction} ${peer ?? ''}`;
    const edge = edges.get(key) ?? { direction, peer, figures: [] };
    edge.figures.push(figures);
    edges.set(key, edge);
  };
  for (const sent of all) {
    const senders = population.resourcesOf(kind, sent.pod);
    const receivers = receiversOf(kind, sent, population);
    if (receivers.length === 0) continue;
    const [only] = receivers.length === 1 ? receivers : [];
    if (senders.includes(resource)) add('to', only, sent.figures);
    if (only === resource) for (const sender of senders) add('from', sender, sent.figures);
  }
  return [...edges]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { direction, peer, figures }]) => ({ direction, peer, figures: sumOf(figures) }));
}

import { parseQuantity, type Resource } from '@meshwise/resources';
import { type Measured, referenceTo } from './document.ts';
import { sumOf } from './figures.ts';
import { nameOf } from './population.ts';
import { type Sent, serviceOfHost } from './sent.ts';

interface SplitSpec {
  readonly service?: string;
  readonly backends?: readonly { readonly service?: string; readonly weight?: number | string }[];
}

/**
 * What clients sent to each backend of a TrafficSplit. Requests that they sent to a backend's own name are among them, since a
 * proxy counts by where it sends to. `by` tells the senders apart; without it they are one.
 */
export function ofSplit(
  split: Resource,
  sent: readonly Sent[],
  by?: (sent: Sent) => Measured['resource'],
): readonly Measured[] {
  const { service: apex = '', backends = [] } = (split.spec ?? {}) as SplitSpec;
  const resource = referenceTo(split.kind, nameOf(split));
  return backends.flatMap(({ service = '', weight = 0 }) => {
    const name = service.split('.')[0] ?? '';
    const received = sent.filter(({ host }) => serviceOfHost(host) === `${split.metadata.namespace}/${name}`);
    const backend = { apex, name: service, weight: parseQuantity(weight) ?? 0 };
    const senders = by === undefined ? [{ peer: {}, all: received }] : bySender(received, by);
    return senders.map(({ peer, all }) => ({
      resource,
      edge: { direction: 'from', side: 'client', resource: peer } as const,
      backend,
      figures: sumOf(all.map(({ figures }) => figures)),
    }));
  });
}

function bySender(all: readonly Sent[], by: (sent: Sent) => Measured['resource']) {
  const senders = new Map<string, { peer: Measured['resource']; all: Sent[] }>();
  for (const sent of all) {
    const sender = senders.get(sent.pod) ?? { peer: by(sent), all: [] };
    sender.all.push(sent);
    senders.set(sent.pod, sender);
  }
  return [...senders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sender]) => sender);
}

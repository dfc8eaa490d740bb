import { formatLatency, formatPercent, formatRate, plural } from '../format.ts';
import type { Topology, TopologyEdge } from './graph.ts';

/** One kind of label at a time: several on every edge cannot be read. */
export const EDGE_LABELS = ['rate', 'errors', 'p50', 'p99', 'mtls'] as const;
export type EdgeLabel = (typeof EDGE_LABELS)[number];

export const EDGE_LABEL_TITLES: Readonly<Record<EdgeLabel, string>> = {
  rate: 'Requests per second',
  errors: 'Errors',
  p50: 'Latency p50',
  p99: 'Latency p99',
  mtls: 'Mutual TLS',
};

export function edgeLabel(edge: TopologyEdge, label: EdgeLabel): string {
  const { traffic } = edge;
  if (label === 'rate') return traffic.requestsPerSecond === null ? '?' : `${formatRate(traffic.requestsPerSecond)}/s`;
  if (label === 'errors') return traffic.errorPercent === null ? '' : formatPercent(traffic.errorPercent);
  if (label === 'p50') return traffic.latencyP50Ms === null ? '' : formatLatency(traffic.latencyP50Ms);
  if (label === 'p99') return traffic.latencyP99Ms === null ? '' : formatLatency(traffic.latencyP99Ms);
  return tlsText(edge);
}

export function tlsText({ mutualTls }: Pick<TopologyEdge, 'mutualTls'>): string {
  if (mutualTls === undefined) return '';
  return mutualTls === null ? 'unknown' : mutualTls ? 'mTLS' : 'plain text';
}

/** How an edge is drawn: never by colour alone, so each has a dash of its own. */
export type EdgeState = 'idle' | 'well' | 'errors' | 'failing';

export function edgeState({ traffic }: TopologyEdge): EdgeState {
  if (traffic.requestsPerSecond === null || traffic.requestsPerSecond === 0) return 'idle';
  const errors = traffic.errorPercent ?? 0;
  return errors >= 50 ? 'failing' : errors >= 1 ? 'errors' : 'well';
}

/** Width in pixels by rate: each tenfold is a step, so that 1 and 10,000 requests a second both can be seen. */
export function edgeWidth({ traffic }: TopologyEdge): number {
  return 1.25 + Math.min(4, Math.log10(1 + (traffic.requestsPerSecond ?? 0)));
}

/** What the picture shows, in a sentence for those who do not see it. */
export function describeTopology({ nodes, edges }: Topology): string {
  const count = (kind: string) => nodes.filter((node) => node.kind === kind).length;
  const troubled = nodes.filter(({ health }) => health === 'failing' || health === 'degraded').length;
  const calls = edges.filter(({ kind }) => kind === 'call');
  const plain = calls.filter(({ mutualTls }) => mutualTls === false).length;
  const trouble = troubled === 0 ? 'none in trouble' : `${troubled} in trouble`;
  const tls = plain === 0 ? '' : `, ${plain} of them in plain text`;
  const counts = [
    plural(count('service'), 'service'),
    plural(count('workload'), 'workload'),
    plural(count('gateway'), 'gateway'),
  ];
  return `${counts.join(', ')}: ${trouble}; ${plural(calls.length, 'call')}${tls}.`;
}

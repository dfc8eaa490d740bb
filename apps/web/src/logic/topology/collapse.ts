import { healthRank } from '../health.ts';
import type { Topology, TopologyEdge, TopologyNode } from './graph.ts';

/**
 * Draws a service and the one workload behind it as one: most services have one, and two boxes for each of them make the
 * picture twice as wide without saying more. Services with several versions stay apart, since there the split is the point.
 */
export function collapseTopology({ nodes, edges }: Topology): Topology {
  const backends = edges.filter(({ kind }) => kind === 'backend');
  const count = (end: 'from' | 'to') => Map.groupBy(backends, (edge) => edge[end]);
  const behind = count('from');
  const before = count('to');
  const alone = backends.filter(({ from, to }) => behind.get(from)?.length === 1 && before.get(to)?.length === 1);
  const serviceOf = new Map(alone.map(({ from, to }) => [to, from]));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const merged = new Map(alone.map(({ from, to }) => [from, merge(byId.get(from), byId.get(to))]));
  return {
    nodes: nodes.filter(({ id }) => !serviceOf.has(id)).map((node) => merged.get(node.id) ?? node),
    edges: edges
      .filter(({ to, kind }) => kind === 'call' || !serviceOf.has(to))
      .map((edge): TopologyEdge => {
        const from = serviceOf.get(edge.from) ?? edge.from;
        return from === edge.from ? edge : { ...edge, from, id: `${from} → ${edge.to}` };
      }),
  };
}

function merge(service: TopologyNode | undefined, workload: TopologyNode | undefined): TopologyNode | undefined {
  if (service === undefined || workload === undefined) return service;
  const worse = healthRank(workload.health) < healthRank(service.health) ? workload : service;
  const { health, reason } = worse;
  return { ...service, health, reason, injected: workload.injected, workload: workload.name };
}

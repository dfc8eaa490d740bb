import { healthRank, isProblem } from '../health.ts';
import type { Topology, TopologyNode } from './graph.ts';

/** More than this nobody can read, and browsers draw slowly. */
export const MAX_NODES = 200;

export interface LimitedTopology extends Topology {
  readonly hidden: number;
}

/** Keeps what is not well, then what is busiest, then the rest by name; the page says what it left out. */
export function limitTopology(topology: Topology, max = MAX_NODES): LimitedTopology {
  if (topology.nodes.length <= max) return { ...topology, hidden: 0 };
  const importance = (node: TopologyNode): readonly number[] => [
    isProblem(node.health) ? healthRank(node.health) : Number.MAX_SAFE_INTEGER,
    -(node.traffic.requestsPerSecond ?? 0),
  ];
  const ranked = topology.nodes.toSorted((a, b) => {
    const [healthA = 0, rateA = 0] = importance(a);
    const [healthB = 0, rateB = 0] = importance(b);
    return healthA - healthB || rateA - rateB || a.id.localeCompare(b.id);
  });
  const kept = new Set(ranked.slice(0, max).map(({ id }) => id));
  return {
    nodes: topology.nodes.filter(({ id }) => kept.has(id)),
    edges: topology.edges.filter(({ from, to }) => kept.has(from) && kept.has(to)),
    hidden: topology.nodes.length - max,
  };
}

/** Of a namespace, with what its members call and are called by one step away, so that no edge ends in nothing. */
export function inNamespaces(topology: Topology, namespaces: readonly string[]): Topology {
  if (namespaces.length === 0) return topology;
  const inside = new Set(topology.nodes.filter(({ namespace }) => namespaces.includes(namespace)).map(({ id }) => id));
  const edges = topology.edges.filter(({ from, to }) => inside.has(from) || inside.has(to));
  const kept = new Set([...inside, ...edges.flatMap(({ from, to }) => [from, to])]);
  return { nodes: topology.nodes.filter(({ id }) => kept.has(id)), edges };
}

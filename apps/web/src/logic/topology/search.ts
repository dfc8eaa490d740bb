import { isProblem } from '../health.ts';
import type { Topology } from './graph.ts';

/** What matches, with its neighbours: a node without its edges would say nothing. */
export function searchTopology(topology: Topology, text: string | undefined, problemsOnly: boolean): Topology {
  if (text === undefined && !problemsOnly) return topology;
  const words = (text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const hits = new Set(
    topology.nodes
      .filter((node) => !problemsOnly || isProblem(node.health))
      .filter(({ namespace, name, kind }) => words.every((word) => `${namespace}/${name} ${kind}`.includes(word)))
      .map(({ id }) => id),
  );
  const edges = topology.edges.filter(({ from, to }) => hits.has(from) || hits.has(to));
  const kept = new Set([...hits, ...edges.flatMap(({ from, to }) => [from, to])]);
  return { nodes: topology.nodes.filter(({ id }) => kept.has(id)), edges };
}

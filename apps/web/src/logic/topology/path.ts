import type { Topology } from './graph.ts';

/** A node with everything that leads to it and everything it leads to: what is affected, and by what. */
export function pathThrough({ nodes, edges }: Topology, id: string): ReadonlySet<string> {
  if (!nodes.some((node) => node.id === id)) return new Set(nodes.map((node) => node.id));
  const reach = (next: (id: string) => readonly string[]) => {
    const seen = new Set([id]);
    for (const one of seen) for (const other of next(one)) seen.add(other);
    return seen;
  };
  const down = reach((one) => edges.filter(({ from }) => from === one).map(({ to }) => to));
  const up = reach((one) => edges.filter(({ to }) => to === one).map(({ from }) => from));
  return new Set([...down, ...up]);
}

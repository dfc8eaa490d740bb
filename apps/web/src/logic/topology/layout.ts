import { Graph, layout } from '@dagrejs/dagre';
import type { Topology } from './graph.ts';

export const NODE_WIDTH = 188;
export const NODE_HEIGHT = 58;

const GAP = 26;
const MARGIN = 12;

export interface Placed {
  readonly x: number;
  readonly y: number;
}

/** Places every node, callers first: left to right where there is room, else from top to bottom. */
export function layoutTopology({ nodes, edges }: Topology, direction: 'LR' | 'TB'): ReadonlyMap<string, Placed> {
  const graph = new Graph();
  graph.setGraph({
    rankdir: direction,
    nodesep: GAP,
    ranksep: direction === 'LR' ? 68 : 50,
    marginx: MARGIN,
    marginy: MARGIN,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  // In one order whatever is well or not: a node that fails must not jump.
  const ordered = nodes.map(({ id }) => id).toSorted((a, b) => a.localeCompare(b));
  const connected = new Set(edges.flatMap(({ from, to }) => [from, to]));
  for (const id of ordered.filter((one) => connected.has(one))) {
    graph.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  }
  for (const { from, to } of edges.toSorted((a, b) => a.id.localeCompare(b.id))) graph.setEdge(from, to);
  layout(graph);
  const placed = new Map(
    ordered
      .filter((id) => connected.has(id))
      .map((id): [string, Placed] => {
        const { x, y } = graph.node(id) as Placed;
        return [id, { x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 }];
      }),
  );
  placeAlone(
    placed,
    ordered.filter((id) => !connected.has(id)),
    direction,
  );
  return placed;
}

/** Width by height of all that is placed, so that the picture is no taller than what is in it. */
export function aspectOf(places: ReadonlyMap<string, Placed>): number {
  const all = [...places.values()];
  const width = Math.max(0, ...all.map(({ x }) => x)) + NODE_WIDTH + MARGIN;
  const height = Math.max(0, ...all.map(({ y }) => y)) + NODE_HEIGHT + MARGIN;
  return width / height;
}

/** What neither calls nor is called stands in rows below the rest, not in the column of the callers. */
function placeAlone(placed: Map<string, Placed>, alone: readonly string[], direction: 'LR' | 'TB'): void {
  const perRow = direction === 'LR' ? 5 : 2;
  const top = placed.size === 0 ? MARGIN : Math.max(...[...placed.values()].map(({ y }) => y)) + NODE_HEIGHT + 2 * GAP;
  for (const [index, id] of alone.entries()) {
    const column = index % perRow;
    const row = Math.floor(index / perRow);
    placed.set(id, { x: MARGIN + column * (NODE_WIDTH + GAP), y: top + row * (NODE_HEIGHT + GAP) });
  }
}

import '@xyflow/react/dist/base.css';
import './topology.css';
import { Background, Controls, type Edge, MarkerType, type Node, ReactFlow } from '@xyflow/react';
import { useId, useMemo } from 'react';
import { collapseTopology } from '../../logic/topology/collapse.ts';
import type { Topology, TopologyEdge } from '../../logic/topology/graph.ts';
import { describeTopology, type EdgeLabel, edgeLabel, edgeState, edgeWidth } from '../../logic/topology/labels.ts';
import { aspectOf, layoutTopology, NODE_HEIGHT, NODE_WIDTH } from '../../logic/topology/layout.ts';
import { pathThrough } from '../../logic/topology/path.ts';
import { type NodeData, TopologyNodeCard } from './TopologyNodeCard.tsx';

const NODE_TYPES = { card: TopologyNodeCard };

/** The buttons have the lower edge to themselves. */
const FIT_PADDING = { x: 0.03, top: 0.04, bottom: '60px' } as const;

interface Props {
  readonly topology: Topology;
  readonly label: EdgeLabel;
  readonly direction: 'LR' | 'TB';
  readonly selected: string | undefined;
  readonly onOpen: (id: string) => void;
}

/** The picture. What is not on the selected node's path is dimmed; nodes stay where they are when figures change. */
export function TopologyGraph(props: Props) {
  const { label, direction, selected, onOpen } = props;
  const topology = useMemo(() => collapseTopology(props.topology), [props.topology]);
  const summaryId = useId();
  const shape = JSON.stringify([topology.nodes.map(({ id }) => id).sort(), topology.edges.map(({ id }) => id).sort()]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: placed anew only when something came or went, not with each figure.
  const places = useMemo(() => layoutTopology(topology, direction), [shape, direction]);
  const path = useMemo(
    () => (selected === undefined ? undefined : pathThrough(topology, selected)),
    [topology, selected],
  );
  const nodes = topology.nodes.map((node): Node<NodeData> => {
    const place = places.get(node.id) ?? { x: 0, y: 0 };
    const dimmed = path !== undefined && !path.has(node.id);
    return {
      id: node.id,
      type: 'card',
      position: place,
      width: NODE_WIDTH,
      height: NODE_HEIGHT,
      data: { node, dimmed, direction },
      selected: node.id === selected,
      ariaLabel: `${node.kind} ${node.name}, ${node.health}`,
    };
  });
  const edges = topology.edges.map((edge) => toFlow(edge, label, path));
  return (
    <figure
      className="mw-topology"
      data-direction={direction}
      style={{ aspectRatio: aspectOf(places) }}
      aria-describedby={summaryId}
    >
      <figcaption id={summaryId} className="mw-sr">
        {describeTopology(topology)} The same as a table: key T.
      </figcaption>
      <ReactFlow
        // Another arrangement has to be brought into view again.
        key={`${direction} ${shape}`}
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        fitView
        fitViewOptions={{ padding: FIT_PADDING, maxZoom: 1.15, minZoom: direction === 'TB' ? 0.55 : 0.4 }}
        minZoom={0.15}
        maxZoom={2}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        deleteKeyCode={null}
        // The page scrolls by the wheel; the picture by dragging, by its buttons, or by pinching.
        zoomOnScroll={false}
        preventScrolling={false}
        onNodeClick={(_, node) => onOpen(node.id)}
        onNodesChange={(changes) => {
          const chosen = changes.find((change) => change.type === 'select' && change.selected);
          if (chosen?.type === 'select') onOpen(chosen.id);
        }}
      >
        <Background gap={22} size={1} color="var(--mw-line)" />
        <Controls showInteractive={false} orientation="horizontal" />
      </ReactFlow>
    </figure>
  );
}

function toFlow(edge: TopologyEdge, label: EdgeLabel, path: ReadonlySet<string> | undefined): Edge {
  const dimmed = path !== undefined && !(path.has(edge.from) && path.has(edge.to));
  const text = edge.kind === 'call' ? edgeLabel(edge, label) : '';
  return {
    id: edge.id,
    source: edge.from,
    target: edge.to,
    className: `mw-edge mw-edge-${edge.kind} mw-edge-${edgeState(edge)}${dimmed ? ' mw-dimmed' : ''}`,
    style: { strokeWidth: edgeWidth(edge) },
    markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, markerUnits: 'userSpaceOnUse' },
    ...(text !== '' && { label: text, labelBgPadding: [5, 2] as [number, number], labelBgBorderRadius: 4 }),
  };
}

import type { StatusView } from '@meshwise/api';
import { getCommand } from '../../logic/cli.ts';
import type { Topology, TopologyEdge, TopologyNode } from '../../logic/topology/graph.ts';
import { edgeLabel, tlsText } from '../../logic/topology/labels.ts';
import { DetailDrawer, Facts } from '../../ui/DetailDrawer.tsx';
import { HealthBadge } from '../../ui/HealthBadge.tsx';
import { TrafficFacts } from '../traffic-columns.tsx';

interface Props {
  readonly node: TopologyNode;
  readonly topology: Topology;
  readonly status: StatusView;
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
}

/** One node with what calls it and what it calls; each of them leads on, so that a path can be walked by keyboard. */
export function TopologyDetail({ node, topology, status, onOpen, onClose }: Props) {
  const kind = status.workloads.find(
    ({ namespace, name }) => namespace === node.namespace && name === node.name && node.kind !== 'service',
  )?.kind;
  const resource = node.kind === 'service' ? 'service' : kind;
  return (
    <DetailDrawer
      title={node.name}
      subtitle={node.namespace === '' ? node.kind : `${node.kind} in ${node.namespace}`}
      badge={<HealthBadge health={node.health} />}
      reason={node.reason}
      command={resource === undefined ? undefined : getCommand(resource, node.namespace, node.name)}
      onClose={onClose}
    >
      <Facts>
        <TrafficFacts traffic={node.traffic} measured={status} />
      </Facts>
      <Neighbours
        title="Called by"
        edges={topology.edges.filter(({ to }) => to === node.id)}
        end="from"
        {...{ topology, onOpen }}
      />
      <Neighbours
        title="Calls"
        edges={topology.edges.filter(({ from }) => from === node.id)}
        end="to"
        {...{ topology, onOpen }}
      />
    </DetailDrawer>
  );
}

interface NeighboursProps {
  readonly title: string;
  readonly edges: readonly TopologyEdge[];
  readonly end: 'from' | 'to';
  readonly topology: Topology;
  readonly onOpen: (id: string) => void;
}

function Neighbours({ title, edges, end, topology, onOpen }: NeighboursProps) {
  if (edges.length === 0) return null;
  return (
    <section className="mw-neighbours">
      <h3>{title}</h3>
      <ul>
        {edges.map((edge) => {
          const other = topology.nodes.find(({ id }) => id === edge[end]);
          const facts = [edgeLabel(edge, 'rate'), edgeLabel(edge, 'errors'), tlsText(edge)].filter(Boolean).join(' · ');
          return (
            <li key={edge.id}>
              <button type="button" className="mw-link" onClick={() => onOpen(edge[end])}>
                {other?.name ?? edge[end]}
              </button>{' '}
              <span className="mw-dim">{facts}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

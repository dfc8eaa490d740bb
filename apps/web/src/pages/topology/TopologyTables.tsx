import type { StatusView } from '@meshwise/api';
import { healthRank, problemReason } from '../../logic/health.ts';
import type { Topology, TopologyEdge, TopologyNode } from '../../logic/topology/graph.ts';
import { tlsText } from '../../logic/topology/labels.ts';
import type { RowSpec } from '../../ui/columns.ts';
import { HealthBadge } from '../../ui/HealthBadge.tsx';
import { ResourceTable } from '../../ui/ResourceTable.tsx';
import { trafficColumns } from '../traffic-columns.tsx';

interface Props {
  readonly topology: Topology;
  readonly status: StatusView;
  readonly onOpen: (id: string) => void;
}

/** The topology as two tables: who calls whom, and who there is. */
export function TopologyTables({ topology, status, onOpen }: Props) {
  const names = new Map(topology.nodes.map((node) => [node.id, node.name]));
  const calls = topology.edges.filter(({ kind }) => kind === 'call');
  const open = (id: string | undefined) => {
    if (id !== undefined) onOpen(id);
  };
  return (
    <>
      <h2 className="mw-topology-heading">Calls</h2>
      {calls.length === 0 ? (
        <p className="mw-dim">None has been seen yet.</p>
      ) : (
        <ResourceTable
          label="Calls"
          spec={callSpec(names, status)}
          rows={calls}
          onOpen={(id) => open(calls.find((call) => call.id === id)?.to)}
        />
      )}
      <h2 className="mw-topology-heading">Nodes</h2>
      <ResourceTable label="Nodes" spec={nodeSpec(status)} rows={topology.nodes} onOpen={open} />
    </>
  );
}

function callSpec(names: ReadonlyMap<string, string>, status: StatusView): RowSpec<TopologyEdge> {
  const name = (id: string) => names.get(id) ?? id;
  return {
    id: (edge) => edge.id,
    name: (edge) => `${name(edge.from)} → ${name(edge.to)}`,
    context: (edge) => edge.subsets.join(', '),
    defaultSort: 'name',
    columns: [
      {
        id: 'name',
        title: 'Call',
        width: 'grow',
        sortBy: (edge) => `${name(edge.from)} ${name(edge.to)}`,
        cell: () => null,
      },
      { id: 'tls', title: 'Mutual TLS', sortBy: tlsText, cell: (edge) => tlsText(edge) },
      ...trafficColumns<TopologyEdge>(status),
    ],
  };
}

function nodeSpec(status: StatusView): RowSpec<TopologyNode> {
  return {
    id: (node) => node.id,
    name: (node) => node.name,
    context: (node) => node.namespace,
    reason: problemReason,
    defaultSort: 'health',
    columns: [
      {
        id: 'health',
        title: 'Health',
        sortBy: (node) => healthRank(node.health),
        cell: (node) => <HealthBadge health={node.health} reason={node.reason} />,
      },
      { id: 'name', title: 'Name', width: 'grow', sortBy: (node) => node.name, cell: () => null },
      { id: 'kind', title: 'Kind', sortBy: (node) => node.kind, cell: (node) => node.kind },
      ...trafficColumns<TopologyNode>(status),
    ],
  };
}

import type { GatewayView, StatusView } from '@meshwise/api';
import { healthRank, problemReason } from '../logic/health.ts';
import { gatewayRowId } from '../logic/rows.ts';
import { Address } from '../ui/CopyButton.tsx';
import type { RowSpec } from '../ui/columns.ts';
import { HealthBadge } from '../ui/HealthBadge.tsx';
import { trafficColumns } from './traffic-columns.tsx';

function Hosts(props: { readonly hosts: readonly string[] }) {
  const hosts = props.hosts.length === 0 ? ['*'] : props.hosts;
  return (
    <ul className="mw-plain">
      {hosts.map((host) => (
        <li key={host}>
          <code>{host}</code>
        </li>
      ))}
    </ul>
  );
}

export function gatewaySpec(status: StatusView): RowSpec<GatewayView> {
  return {
    id: gatewayRowId,
    name: (gateway) => gateway.name,
    context: (gateway) => gateway.namespace,
    reason: problemReason,
    defaultSort: 'health',
    columns: [
      {
        id: 'health',
        title: 'Health',
        sortBy: (gateway) => healthRank(gateway.health),
        cell: (gateway) => <HealthBadge health={gateway.health} reason={gateway.reason} />,
      },
      { id: 'name', title: 'Gateway', width: 'grow', sortBy: (gateway) => gateway.name, cell: () => null },
      {
        id: 'address',
        title: 'Address',
        card: 'wide',
        sortBy: (gateway) => gateway.address,
        cell: (gateway) => (
          <Address address={gateway.address} what={`address of ${gateway.name}`} missing="Nothing listens" />
        ),
      },
      {
        id: 'hosts',
        title: 'Hosts',
        card: 'wide',
        from: 'medium',
        cell: (gateway) => <Hosts hosts={gateway.hosts} />,
      },
      {
        id: 'port',
        title: 'Port',
        numeric: true,
        from: 'large',
        sortBy: (gateway) => gateway.port,
        cell: (gateway) => <span className="mw-num">{gateway.port}</span>,
      },
      {
        id: 'routes',
        title: 'Routes',
        numeric: true,
        sortBy: (gateway) => gateway.routes,
        cell: (gateway) => <span className="mw-num">{gateway.routes}</span>,
      },
      ...trafficColumns<GatewayView>(status, ['rate', 'errors', 'p99']),
    ],
  };
}

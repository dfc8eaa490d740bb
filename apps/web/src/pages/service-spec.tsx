import type { ServiceView, StatusView } from '@meshwise/api';
import { healthRank, problemReason } from '../logic/health.ts';
import { rowId } from '../logic/rows.ts';
import type { RowSpec } from '../ui/columns.ts';
import { Ratio } from '../ui/Figure.tsx';
import { HealthBadge } from '../ui/HealthBadge.tsx';
import { trafficColumns } from './traffic-columns.tsx';

export function portsText(service: ServiceView): string {
  return service.ports.map((port) => `${port.port}/${port.protocol.toLowerCase()}`).join(', ');
}

export function serviceSpec(status: StatusView): RowSpec<ServiceView> {
  return {
    id: rowId,
    name: (service) => service.name,
    context: (service) => service.namespace,
    reason: problemReason,
    defaultSort: 'health',
    columns: [
      {
        id: 'health',
        title: 'Health',
        sortBy: (service) => healthRank(service.health),
        cell: (service) => <HealthBadge health={service.health} reason={service.reason} />,
      },
      { id: 'name', title: 'Service', width: 'grow', sortBy: (service) => service.name, cell: () => null },
      { id: 'ports', title: 'Ports', from: 'medium', cell: (service) => <code>{portsText(service)}</code> },
      {
        id: 'endpoints',
        title: 'Endpoints',
        numeric: true,
        sortBy: (service) => service.endpointsReady,
        cell: (service) => <Ratio ready={service.endpointsReady} total={service.endpointsTotal} />,
      },
      ...trafficColumns<ServiceView>(status),
    ],
  };
}

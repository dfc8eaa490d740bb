import type { ProxyView, StatusView } from '@meshwise/api';
import { formatBytes, formatCpu } from '../logic/format.ts';
import { healthRank, problemReason } from '../logic/health.ts';
import { missingUseReason } from '../logic/missing.ts';
import { proxyName, proxyNamespace } from '../logic/rows.ts';
import { syncOf } from '../logic/sync.ts';
import type { RowSpec } from '../ui/columns.ts';
import { Figure } from '../ui/Figure.tsx';
import { HealthBadge } from '../ui/HealthBadge.tsx';
import { Expiry } from '../ui/Time.tsx';
import { SyncBadge, XdsStrip } from './SyncBadge.tsx';
import { trafficColumns } from './traffic-columns.tsx';

const SYNC_ORDER = ['rejected', 'disconnected', 'pending', 'synced'] as const;

export function proxySpec(status: StatusView): RowSpec<ProxyView> {
  return {
    id: (proxy) => proxy.id,
    name: proxyName,
    context: (proxy) =>
      [proxyNamespace(proxy, status.gateways), proxy.role].filter((part) => part !== null).join(' · '),
    reason: problemReason,
    defaultSort: 'health',
    columns: [
      {
        id: 'health',
        title: 'Health',
        sortBy: (proxy) => healthRank(proxy.health),
        cell: (proxy) => <HealthBadge health={proxy.health} reason={proxy.reason} />,
      },
      { id: 'name', title: 'Proxy', width: 'grow', sortBy: (proxy) => proxy.workload, cell: () => null },
      {
        id: 'sync',
        title: 'Configuration',
        card: 'wide',
        sortBy: (proxy) => SYNC_ORDER.indexOf(syncOf(proxy)),
        cell: (proxy) => (
          <span className="mw-sync">
            <SyncBadge proxy={proxy} />
            <XdsStrip types={proxy.types} />
          </span>
        ),
      },
      {
        id: 'certificate',
        title: 'Certificate',
        card: 'wide',
        sortBy: (proxy) => proxy.certificateExpiresAt,
        cell: (proxy) => (
          <Expiry at={proxy.certificateExpiresAt} missing={proxy.identity === null ? 'no identity' : 'none yet'} />
        ),
      },
      ...trafficColumns<ProxyView>(status, ['rate', 'p99']),
      {
        id: 'cpu',
        title: 'CPU',
        numeric: true,
        from: 'medium',
        sortBy: (proxy) => proxy.use.cpuMillicores,
        cell: (proxy) => <Figure text={formatCpu(proxy.use.cpuMillicores)} missing={missingUseReason(status)} />,
      },
      {
        id: 'memory',
        title: 'Memory',
        numeric: true,
        from: 'medium',
        sortBy: (proxy) => proxy.use.memoryBytes,
        cell: (proxy) => <Figure text={formatBytes(proxy.use.memoryBytes)} missing={missingUseReason(status)} />,
      },
    ],
  };
}

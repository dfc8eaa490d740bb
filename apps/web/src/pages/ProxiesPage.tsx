import { useMemo } from 'react';
import { proxyFacets } from '../logic/rows.ts';
import { EmptyState } from '../ui/States.tsx';
import { ProxyDetail } from './ProxyDetail.tsx';
import { proxySpec } from './proxy-spec.tsx';
import { ResourcePage } from './ResourcePage.tsx';
import { useStatus } from './use-status.ts';

export function ProxiesPage() {
  const status = useStatus();
  const spec = useMemo(() => proxySpec(status), [status]);
  return (
    <ResourcePage
      title="Proxies"
      path="/proxies"
      noun="proxies"
      rows={status.proxies}
      spec={spec}
      facets={(proxy) => proxyFacets(proxy, status.gateways)}
      empty={
        <EmptyState title="No proxies yet" commands={['meshwise proxy status', 'meshwise up --sample bookinfo']}>
          Each pod of the mesh and each gateway has a proxy. They appear here as soon as they start.
        </EmptyState>
      }
      detail={(proxy, onClose) => <ProxyDetail proxy={proxy} status={status} onClose={onClose} />}
    />
  );
}

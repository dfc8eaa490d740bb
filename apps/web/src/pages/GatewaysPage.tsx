import { useMemo } from 'react';
import { gatewayFacets } from '../logic/rows.ts';
import { EmptyState } from '../ui/States.tsx';
import { GatewayDetail } from './GatewayDetail.tsx';
import { gatewaySpec } from './gateway-spec.tsx';
import { ResourcePage } from './ResourcePage.tsx';
import { useStatus } from './use-status.ts';

export function GatewaysPage() {
  const status = useStatus();
  const spec = useMemo(() => gatewaySpec(status), [status]);
  return (
    <ResourcePage
      title="Gateways"
      path="/gateways"
      noun="gateways"
      rows={status.gateways}
      spec={spec}
      facets={gatewayFacets}
      empty={
        <EmptyState title="No gateways" commands={['meshwise apply -f FILE']}>
          Nothing outside can reach the mesh. A Gateway opens a port; a route bound to it says where requests go.
        </EmptyState>
      }
      detail={(gateway, onClose) => <GatewayDetail gateway={gateway} status={status} onClose={onClose} />}
    />
  );
}

import { useMemo } from 'react';
import { serviceFacets } from '../logic/rows.ts';
import { EmptyState } from '../ui/States.tsx';
import { ResourcePage } from './ResourcePage.tsx';
import { ServiceDetail } from './ServiceDetail.tsx';
import { serviceSpec } from './service-spec.tsx';
import { useStatus } from './use-status.ts';

export function ServicesPage() {
  const status = useStatus();
  const spec = useMemo(() => serviceSpec(status), [status]);
  return (
    <ResourcePage
      title="Services"
      path="/services"
      noun="services"
      rows={status.services}
      spec={spec}
      facets={serviceFacets}
      empty={
        <EmptyState title="No services yet" commands={['meshwise apply -f FILE', 'meshwise up --sample bookinfo']}>
          A Service gives a set of pods one name that others call. Apply your own manifests, or start the sample.
        </EmptyState>
      }
      detail={(service, onClose) => <ServiceDetail service={service} status={status} onClose={onClose} />}
    />
  );
}

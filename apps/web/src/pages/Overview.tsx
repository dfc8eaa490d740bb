import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { usePageSearch } from '../data/page-search.ts';
import { attention, headline, type PagePath } from '../logic/attention.ts';
import { matches } from '../logic/filter.ts';
import { gatewayFacets, serviceFacets } from '../logic/rows.ts';
import { PageHead } from '../ui/PageHead.tsx';
import { ResourceTable } from '../ui/ResourceTable.tsx';
import { EmptyState, NothingMatches } from '../ui/States.tsx';
import { AttentionList } from './AttentionList.tsx';
import { gatewaySpec } from './gateway-spec.tsx';
import { HealthCounts } from './HealthCounts.tsx';
import { AddressCard, MeshCard } from './MeshCards.tsx';
import { serviceSpec } from './service-spec.tsx';
import { useStatus } from './use-status.ts';

export function Overview() {
  const status = useStatus();
  const [search, update] = usePageSearch();
  const navigate = useNavigate();
  const items = useMemo(() => attention(status, search.ns), [status, search.ns]);
  const services = useMemo(() => serviceSpec(status), [status]);
  const gateways = useMemo(() => gatewaySpec(status), [status]);
  const shownServices = status.services.filter((service) => matches(serviceFacets(service), search));
  const shownGateways = status.gateways.filter((gateway) => matches(gatewayFacets(gateway), search));
  const openOn = (to: PagePath) => (open: string) =>
    void navigate({ to, search: { ...(search.ns && { ns: search.ns }), open } });
  if (status.services.length + status.workloads.length + status.gateways.length === 0) return <FirstTime />;
  return (
    <>
      <PageHead title="Overview" path="/">
        {headline(status, search.ns)}
      </PageHead>
      <AttentionList items={items} />
      <div className="mw-overview-grid">
        <HealthCounts status={status} />
        <AddressCard />
        <MeshCard />
      </div>
      <section aria-labelledby="services-title" className="mw-section">
        <h2 id="services-title">Services</h2>
        {shownServices.length === 0 ? (
          <NothingMatches
            what={`${status.services.length} services`}
            onClear={() => update({ q: undefined, view: undefined, ns: undefined })}
          />
        ) : (
          <ResourceTable label="Services" spec={services} rows={shownServices} onOpen={openOn('/services')} />
        )}
      </section>
      {shownGateways.length > 0 && (
        <section aria-labelledby="gateways-title" className="mw-section">
          <h2 id="gateways-title">Gateways</h2>
          <ResourceTable label="Gateways" spec={gateways} rows={shownGateways} onOpen={openOn('/gateways')} />
        </section>
      )}
    </>
  );
}

function FirstTime() {
  return (
    <>
      <PageHead title="Overview" path="/">
        The mesh is up and empty
      </PageHead>
      <EmptyState
        title="Nothing runs in this mesh yet"
        commands={['meshwise apply -f FILE', 'meshwise up --sample bookinfo']}
      >
        Apply your own Kubernetes, Istio or Gateway API files, or start the BookInfo sample: four services behind a
        gateway, with real proxies between them. They appear here by themselves.
      </EmptyState>
      <div className="mw-overview-grid">
        <AddressCard />
        <MeshCard />
      </div>
    </>
  );
}

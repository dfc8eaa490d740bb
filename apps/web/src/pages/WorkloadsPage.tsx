import { useMemo } from 'react';
import { workloadFacets } from '../logic/rows.ts';
import { EmptyState } from '../ui/States.tsx';
import { PodTable } from './PodTable.tsx';
import { ResourcePage } from './ResourcePage.tsx';
import { useStatus } from './use-status.ts';
import { workloadSpec } from './workload-spec.tsx';

export function WorkloadsPage() {
  const status = useStatus();
  const spec = useMemo(() => workloadSpec(status), [status]);
  return (
    <ResourcePage
      title="Workloads"
      path="/workloads"
      noun="workloads"
      rows={status.workloads}
      spec={spec}
      facets={workloadFacets}
      empty={
        <EmptyState title="No workloads yet" commands={['meshwise apply -f FILE', 'meshwise up --sample bookinfo']}>
          A Deployment runs pods; each pod gets a sidecar when it is part of the mesh.
        </EmptyState>
      }
      expanded={(workload) => <PodTable workload={workload} status={status} />}
    />
  );
}

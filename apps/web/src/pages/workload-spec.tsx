import type { PodView, ResourceUse, StatusView, WorkloadView } from '@meshwise/api';
import { formatBytes, formatCpu, NOT_MEASURED } from '../logic/format.ts';
import { healthRank, problemReason } from '../logic/health.ts';
import { missingUseReason } from '../logic/missing.ts';
import { workloadRowId } from '../logic/rows.ts';
import { sumUse } from '../logic/use.ts';
import type { Column, RowSpec } from '../ui/columns.ts';
import { Figure, Ratio } from '../ui/Figure.tsx';
import { HealthBadge } from '../ui/HealthBadge.tsx';

type Part = 'application' | 'sidecar';

/** CPU and memory of one part of the pods; the application's and the sidecar's are never added up. */
function usageColumns(status: StatusView, part: Part, title: string): Column<WorkloadView>[] {
  const use = (workload: WorkloadView): ResourceUse | null => sumUse(workload.pods.map((pod) => pod[part]));
  return [
    {
      id: `${part}Cpu`,
      title: `${title} CPU`,
      numeric: true,
      sortBy: (workload) => use(workload)?.cpuMillicores ?? null,
      cell: (workload) => <UseFigure use={use(workload)} kind="cpu" status={status} part={part} />,
    },
    {
      id: `${part}Memory`,
      title: `${title} memory`,
      numeric: true,
      sortBy: (workload) => use(workload)?.memoryBytes ?? null,
      cell: (workload) => <UseFigure use={use(workload)} kind="memory" status={status} part={part} />,
    },
  ];
}

export function UseFigure(props: {
  readonly use: ResourceUse | null;
  readonly kind: 'cpu' | 'memory';
  readonly status: StatusView;
  readonly part: Part;
}) {
  const { use, kind, status, part } = props;
  if (use === null) {
    return <Figure text={NOT_MEASURED} missing={part === 'sidecar' ? 'No sidecar' : 'No pods'} />;
  }
  const text = kind === 'cpu' ? formatCpu(use.cpuMillicores) : formatBytes(use.memoryBytes);
  return <Figure text={text} missing={missingUseReason(status)} />;
}

export function restartsOf(pods: readonly PodView[]): number {
  return pods.reduce((sum, pod) => sum + pod.restarts, 0);
}

export function workloadSpec(status: StatusView): RowSpec<WorkloadView> {
  return {
    id: workloadRowId,
    name: (workload) => workload.name,
    context: (workload) => workload.namespace,
    reason: problemReason,
    defaultSort: 'health',
    columns: [
      {
        id: 'health',
        title: 'Health',
        sortBy: (workload) => healthRank(workload.health),
        cell: (workload) => <HealthBadge health={workload.health} reason={workload.reason} />,
      },
      { id: 'name', title: 'Workload', width: 'grow', sortBy: (workload) => workload.name, cell: () => null },
      {
        id: 'kind',
        title: 'Kind',
        from: 'large',
        sortBy: (workload) => workload.kind,
        cell: (workload) => workload.kind,
      },
      {
        id: 'pods',
        title: 'Pods',
        numeric: true,
        sortBy: (workload) => workload.podsReady,
        cell: (workload) => <Ratio ready={workload.podsReady} total={workload.podsDesired} />,
      },
      {
        id: 'restarts',
        title: 'Restarts',
        numeric: true,
        from: 'medium',
        sortBy: (workload) => restartsOf(workload.pods),
        cell: (workload) => <Figure text={String(restartsOf(workload.pods))} missing="" />,
      },
      ...usageColumns(status, 'application', 'App'),
      ...usageColumns(status, 'sidecar', 'Sidecar'),
    ],
  };
}

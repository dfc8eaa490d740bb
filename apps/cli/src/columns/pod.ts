import type { Column } from './column.ts';
import { ageColumn } from './column.ts';
import { at, type Body, countAt, joined, listAt, textAt } from './read.ts';

const statuses = (pod: Body) => listAt(pod, 'status', 'containerStatuses');

/** As kubectl: the containers the pod has, also before any of them has a status. */
function readiness(pod: Body): string {
  const ready = statuses(pod).filter((status) => at(status, 'ready') === true).length;
  return `${ready}/${Math.max(statuses(pod).length, listAt(pod, 'spec', 'containers').length)}`;
}

/** The most telling word, as kubectl chooses it: leaving, then why a container waits or ended, then the phase. */
export function podState(pod: Body): string | null {
  if (textAt(pod, 'metadata', 'deletionTimestamp') !== null) return 'Terminating';
  for (const status of statuses(pod)) {
    const waiting = textAt(status, 'state', 'waiting', 'reason');
    if (waiting !== null) return waiting;
    const terminated = at(status, 'state', 'terminated');
    if (terminated === undefined) continue;
    return textAt(terminated, 'reason') ?? `ExitCode:${textAt(terminated, 'exitCode') ?? '?'}`;
  }
  return textAt(pod, 'status', 'reason') ?? textAt(pod, 'status', 'phase');
}

const restarts = (pod: Body) => statuses(pod).reduce<number>((sum, status) => sum + countAt(status, 'restartCount'), 0);

export const podColumns: readonly Column[] = [
  { heading: 'READY', cell: readiness },
  { heading: 'STATUS', cell: podState },
  { heading: 'RESTARTS', cell: restarts },
  ageColumn,
  { heading: 'IP', cell: (pod) => textAt(pod, 'status', 'podIP') },
  {
    heading: 'IMAGES',
    wide: true,
    cell: (pod) => joined(listAt(pod, 'spec', 'containers').map((container) => textAt(container, 'image'))),
  },
];

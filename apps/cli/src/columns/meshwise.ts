import { ageColumn, type Column } from './column.ts';
import { at, joined, listAt, textAt } from './read.ts';

/** `v1:90→88.4`: the weight that is set, and the share of the requests that was seen. */
function weights(shift: unknown): string | null {
  return joined(
    listAt(shift, 'status', 'versions').map((version) => {
      const observed = at(version, 'observedWeight');
      const seen = typeof observed === 'number' ? `→${Number(observed.toFixed(1))}` : '';
      return `${textAt(version, 'name')}:${textAt(version, 'setWeight') ?? '-'}${seen}`;
    }),
  );
}

/** From 1; 0 before it has begun. */
function stepOf(shift: unknown): number {
  const step = at(shift, 'status', 'step');
  return typeof step === 'number' ? step + 1 : 0;
}

export const trafficShiftColumns: readonly Column[] = [
  { heading: 'TARGET', cell: (shift) => textAt(shift, 'spec', 'targetRef', 'name') },
  { heading: 'PHASE', cell: (shift) => textAt(shift, 'status', 'phase') ?? 'Pending' },
  {
    heading: 'STEP',
    cell: (shift) => `${stepOf(shift)}/${listAt(shift, 'spec', 'steps').length}`,
  },
  { heading: 'WEIGHTS', cell: weights },
  ageColumn,
  { heading: 'MESSAGE', wide: true, cell: (shift) => textAt(shift, 'status', 'message') },
];

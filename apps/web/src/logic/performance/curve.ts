import type { LoadInput } from '@meshwise/load';
import { numberText } from '@meshwise/performance';
import { formatTimer } from './figures.ts';

/** The asked rate over time, with both axes from 0 to 1. */
export interface LoadCurve {
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly highestRps: number;
  readonly totalMs: number;
  /** The same in words. */
  readonly summary: string;
}

/** Undefined where no rate is asked for: a closed loop takes what it gets. */
export function loadCurve(load: LoadInput): LoadCurve | undefined {
  const stages =
    load.stages ??
    (typeof load.rps === 'number' && load.durationMs !== undefined
      ? [{ fromRps: load.rps, toRps: load.rps, durationMs: load.durationMs }]
      : []);
  const totalMs = stages.reduce((sum, stage) => sum + stage.durationMs, 0);
  const highestRps = Math.max(0, ...stages.flatMap(({ fromRps, toRps }) => [fromRps, toRps]));
  if (totalMs === 0 || highestRps === 0) return undefined;
  let atMs = 0;
  const points = stages.flatMap(({ fromRps, toRps, durationMs }): [number, number][] => {
    const begin = atMs / totalMs;
    atMs += durationMs;
    return [
      [begin, fromRps / highestRps],
      [atMs / totalMs, toRps / highestRps],
    ];
  });
  const said = stages.map(({ fromRps, toRps, durationMs }) => {
    const rate = fromRps === toRps ? numberText(fromRps) : `from ${numberText(fromRps)} to ${numberText(toRps)}`;
    return `${rate} requests per second for ${formatTimer(durationMs)}`;
  });
  return { points, highestRps, totalMs, summary: `Asked rate: ${said.join(', then ')}` };
}

import type { Difference } from '@meshwise/performance';
import { number } from '../report/format.ts';
import type { Table } from '../report/result.ts';
import type { Outcome } from './experiment.ts';

/** A row for each function; one that could not be measured says why. */
export function table(outcomes: readonly Outcome[]): Table {
  return {
    title: 'What each function adds to a request from sidecar to sidecar: value [95 % interval]',
    columns: ['function', 'p50 ms', 'p99 ms', 'sidecars’ CPU ms per 1,000 requests', 'failed off / on', 'rounds'],
    rows: outcomes.map((outcome) => {
      const { name, figures, problem } = outcome;
      // What went wrong may name a cluster, which has bars in it.
      const trouble = problem?.replaceAll('|', '\\|');
      if (figures === undefined) return [name, `not measured: ${trouble}`];
      const { p50Ms, p99Ms, cpuMsPer1000Requests, failed, requests } = figures;
      const share = (part: 'off' | 'on') => `${failed[part]} of ${requests[part]}`;
      return [
        name,
        ...[p50Ms, p99Ms, cpuMsPer1000Requests].map(added),
        `${share('off')} / ${share('on')}`,
        trouble === undefined ? String(figures.rounds) : `${figures.rounds}; others: ${trouble}`,
      ];
    }),
  };
}

function added({ value, low, high, verdict }: Difference): string {
  if (value === null) return 'not known';
  const text = `${value < 0 ? '' : '+'}${signed(value)}`;
  if (low === null || high === null) return `${text}, no interval`;
  return `${text} [${signed(low)}, ${signed(high)}]${verdict === 'within noise' ? ' within noise' : ''}`;
}

/** With a minus sign rather than a hyphen. */
function signed(value: number): string {
  return `${value < 0 ? '−' : ''}${number(Math.abs(value))}`;
}

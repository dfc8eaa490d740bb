import type { RunRecord, UseRecord, UseRole } from '../record/run-record.ts';
import type { ComparisonRow } from './comparison.ts';
import { percentOf } from './percent.ts';

export const ROLE_WORDS: Readonly<Record<UseRole, string>> = {
  application: 'applications',
  sidecar: 'sidecars',
  gateway: 'gateways',
  'control-plane': 'control plane',
  generator: 'load generator',
};

const FIGURES = [
  {
    metric: 'cpu',
    label: 'CPU per 1,000 requests',
    unit: 'cpu-ms' as const,
    of: ({ cpuMsPer1000Requests }: UseRecord) => cpuMsPer1000Requests,
  },
  {
    metric: 'memory',
    label: 'Memory',
    unit: 'bytes' as const,
    of: ({ memoryBytesMean }: UseRecord) => memoryBytesMean,
  },
];

const SINGLE = 'single run: no interval';

/** What everyone of a role used together, for the roles that took part in any of the runs. */
export function useRows([baseline, ...others]: readonly RunRecord[]): readonly ComparisonRow[] {
  if (baseline === undefined) return [];
  const roles = (Object.keys(ROLE_WORDS) as UseRole[]).filter((role) =>
    [baseline, ...others].some(({ use }) => use.some((one) => one.role === role)),
  );
  return FIGURES.flatMap(({ metric, label, unit, of }) =>
    roles.map((role): ComparisonRow => {
      const before = total(baseline, role, of);
      return {
        metric: `${metric}:${role}`,
        label: `${label}, ${ROLE_WORDS[role]}`,
        unit,
        baseline: before,
        runs: others.map((run) => {
          const value = total(run, role, of);
          const difference = value === null || before === null ? null : value - before;
          return {
            runId: run.id,
            value,
            difference: { value: difference, low: null, high: null },
            percent: percentOf(difference, before),
            verdict: 'unknown',
            reason: difference === null ? 'one of the runs has no such figure' : SINGLE,
          };
        }),
      };
    }),
  );
}

/** Null when nobody has the role, or what one of them used is not known. */
function total({ use }: RunRecord, role: UseRole, of: (record: UseRecord) => number | null): number | null {
  const figures = use.filter((record) => record.role === role).map(of);
  if (figures.length === 0 || figures.includes(null)) return null;
  return figures.reduce<number>((sum, figure) => sum + (figure ?? 0), 0);
}

import type { Interval, SparseHistogram, Verdict } from '@meshwise/load';
import type { PathVariant, RunRecord, UseRecord, UseRole } from '../record/run-record.ts';
import { poolSparse } from './pool-sparse.ts';

/** What one block of an experiment measured; null is not known. */
export interface OverheadBlock {
  readonly round: number;
  readonly variant: PathVariant;
  /** R of good answers in nanoseconds, the warm-up left out. */
  readonly response: SparseHistogram;
  readonly completed: number;
  readonly failed: number;
  readonly achievedRps: number;
  /** CPU time of the sidecars and of the applications on the measured path. */
  readonly sidecarCpuMs: number | null;
  readonly applicationCpuMs: number | null;
  readonly sidecarMemoryBytes: number | null;
  /** Null when nothing was measured. */
  readonly trust: Verdict | null;
}

/** Names as `UseReading.name`. */
export interface OnPath {
  readonly sidecars: readonly string[];
  readonly applications: readonly string[];
}

/** A block as it comes out of the store or the executor. Without sidecars on the way, their use is zero and not unknown. */
export function overheadBlock(
  place: { readonly round: number; readonly variant: PathVariant },
  record: RunRecord,
  intervals: readonly Interval[],
  onPath: OnPath,
): OverheadBlock {
  const { summary } = record;
  const completed = summary?.completed ?? 0;
  const cpuMs = (role: UseRole, names: readonly string[]) =>
    total(record.use, role, names, ({ cpuMsPer1000Requests: cpu }) =>
      cpu === null ? null : (cpu * completed) / 1_000,
    );
  return {
    ...place,
    response: poolSparse(intervals.filter(({ second }) => second >= 0).map(({ response }) => response)),
    completed,
    failed: summary?.failed ?? 0,
    achievedRps: summary?.achievedRps ?? 0,
    sidecarCpuMs: cpuMs('sidecar', onPath.sidecars),
    applicationCpuMs: cpuMs('application', onPath.applications),
    sidecarMemoryBytes: total(record.use, 'sidecar', onPath.sidecars, ({ memoryBytesMean }) => memoryBytesMean),
    trust: summary?.trust.verdict ?? null,
  };
}

/** Null when any of the names is missing or unknown: a part of a sum is not the sum. */
function total(
  use: readonly UseRecord[],
  role: UseRole,
  names: readonly string[],
  figure: (record: UseRecord) => number | null,
): number | null {
  let sum = 0;
  for (const name of names) {
    const record = use.find((one) => one.role === role && one.name === name);
    const value = record === undefined ? null : figure(record);
    if (value === null) return null;
    sum += value;
  }
  return sum;
}

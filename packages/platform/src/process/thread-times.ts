import { readdirSync, readFileSync } from 'node:fs';
import { type ProcessStat, TICKS_PER_SECOND } from './process-table.ts';

/**
 * CPU time in nanoseconds of each thread, by `pid/thread`; of the process as a whole, in steps of 10 ms, where the kernel keeps no
 * `schedstat`. Threads and processes may end between any two reads: what has gone is left out. It must never change which of
 * the two is read, since the one would be taken for CPU time on top of the other.
 */
export function threadTimes(
  { pid, cpuTicks }: Pick<ProcessStat, 'pid' | 'cpuTicks'>,
  directory = '/proc',
): ReadonlyMap<string, number> {
  if (!keepsSchedstat(directory)) return new Map([[`${pid}/`, (cpuTicks * 1e9) / TICKS_PER_SECOND]]);
  const times = new Map<string, number>();
  for (const thread of unlessGone(() => readdirSync(`${directory}/${pid}/task`)) ?? []) {
    const text = unlessGone(() => readFileSync(`${directory}/${pid}/task/${thread}/schedstat`, 'latin1'));
    if (text !== undefined) times.set(`${pid}/${thread}`, Number.parseInt(text, 10));
  }
  return times;
}

const KEEPS_SCHEDSTAT = new Map<string, boolean>();

/** A kernel that does not count shows zeros, or has no such file; this process has used some time for certain. */
function keepsSchedstat(directory: string): boolean {
  const known = KEEPS_SCHEDSTAT.get(directory);
  if (known !== undefined) return known;
  const text = unlessGone(() => readFileSync(`${directory}/self/schedstat`, 'latin1')) ?? '0';
  const keeps = Number.parseInt(text, 10) > 0;
  KEEPS_SCHEDSTAT.set(directory, keeps);
  return keeps;
}

const GONE: readonly unknown[] = ['ENOENT', 'ESRCH'];

function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && GONE.includes(error.code)) return undefined;
    throw error;
  }
}

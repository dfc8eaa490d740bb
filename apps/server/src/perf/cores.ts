import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

/**
 * Whether a generator that may run where this process may shares a core with any of `pids`: by the lists of allowed cores
 * (proc_pid_status(5)). Null when none of them can be read.
 */
export function sharesCores(pids: readonly number[]): boolean | null {
  const own = allowedCores('self');
  const others = pids.map((pid) => allowedCores(String(pid))).filter((cores) => cores !== undefined);
  if (own === undefined || others.length === 0) return null;
  return others.some((cores) => [...cores].some((core) => own.has(core)));
}

function allowedCores(process: string): ReadonlySet<number> | undefined {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync(`/proc/${process}/status`, 'latin1'))?.[1];
    return list === undefined ? undefined : parseCores(list);
  } catch {
    return undefined;
  }
}

/** `0-2,5` as numbers (cpuset(7), "List format"). */
export function parseCores(list: string): ReadonlySet<number> {
  const cores = list.split(',').flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
  });
  return new Set(cores);
}

/** True when this process may not run on every core, so that others can be kept away from it. */
export function isPinned(): boolean {
  return availableParallelism() < cpus().length;
}

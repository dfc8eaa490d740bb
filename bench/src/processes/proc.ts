import { readdir, readFile } from 'node:fs/promises';
import { readProcessStat, TICKS_PER_SECOND } from '@meshwise/platform';

/**
 * CPU time of a process so far. From `schedstat` of its threads where the kernel has it (nanoseconds; time of threads
 * that have ended is lost, which Envoy and Node do not do in between), else from `stat` (steps of 10 ms).
 */
export async function cpuTimeMs(pid: number): Promise<number> {
  try {
    const threads = await readdir(`/proc/${pid}/task`);
    const times = await Promise.all(
      threads.map(async (thread) =>
        Number((await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')).split(' ')[0]),
      ),
    );
    return times.reduce((sum, time) => sum + time, 0) / 1e6;
  } catch {
    return ((readProcessStat(pid)?.cpuTicks ?? Number.NaN) * 1_000) / TICKS_PER_SECOND;
  }
}

export interface Memory {
  /** Pages shared with others are counted in shares. */
  readonly pssBytes: number;
  /** What would be free if the process ended. */
  readonly privateBytes: number;
  readonly rssBytes: number;
}

export async function readMemory(pid: number): Promise<Memory> {
  return parseSmaps(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'));
}

/** `smaps_rollup` of proc_pid_smaps(5). */
export function parseSmaps(text: string): Memory {
  const bytes = (field: string) => {
    const found = new RegExp(`^${field}: +([0-9]+) kB$`, 'm').exec(text);
    return found === null ? Number.NaN : Number(found[1]) * 1024;
  };
  return {
    pssBytes: bytes('Pss'),
    privateBytes: bytes('Private_Clean') + bytes('Private_Dirty'),
    rssBytes: bytes('Rss'),
  };
}

/** CPU time that all processes of the machine have used so far (first line of proc_stat(5), idle and iowait left out). */
export async function machineCpuMs(): Promise<number> {
  return parseMachineCpu(await readFile('/proc/stat', 'utf8'));
}

export function parseMachineCpu(text: string): number {
  const fields = (text.split('\n')[0] ?? '').trim().split(/ +/).slice(1).map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = fields;
  return ((user + nice + system + irq + softirq) * 1_000) / TICKS_PER_SECOND;
}

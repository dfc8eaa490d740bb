import { readFile } from 'node:fs/promises';
import type { Interval, LaunchWorker } from '@meshwise/load';
import type { UseRecord } from '../record/run-record.ts';
import type { UseProbe, UseReading } from './ports.ts';

const NAME = 'load generator';

/** What the workers of one run are, found out as they are launched. */
export class GeneratorMemory {
  readonly #pids = new Set<number>();

  /** The same launch, with the pids remembered. */
  watching(launch: LaunchWorker): LaunchWorker {
    return async (program) => {
      const worker = await launch(program);
      const { pid } = worker;
      if (pid !== undefined) {
        this.#pids.add(pid);
        void worker.exited.then(() => this.#pids.delete(pid));
      }
      return worker;
    };
  }

  /** What `probe` reads, and the workers' memory. Their CPU time comes from themselves, so none is read here. */
  beside(probe: UseProbe): UseProbe {
    return {
      read: async () => {
        const [readings, sizes] = await Promise.all([probe.read(), Promise.all([...this.#pids].map(residentBytes))]);
        const memoryBytes = sizes.reduce((sum, bytes) => sum + bytes, 0);
        const own: UseReading = { role: 'generator', name: NAME, cpuMs: 0, memoryBytes };
        return memoryBytes === 0 ? readings : [...readings, own];
      },
    };
  }
}

/** The generator's record: its memory as it was read, its CPU time as the workers told it, interval by interval. */
export function withGeneratorCpu(
  records: readonly UseRecord[],
  intervals: readonly Interval[],
  completed: number,
): UseRecord[] {
  const measured = intervals.filter(({ second }) => second >= 0);
  if (measured.length === 0) return [...records];
  const seconds = new Map<number, { cpuMs: number; elapsedMs: number }>();
  for (const { second, generator } of measured) {
    const sum = seconds.get(second) ?? { cpuMs: 0, elapsedMs: 0 };
    seconds.set(second, {
      cpuMs: sum.cpuMs + generator.cpuMs,
      elapsedMs: Math.max(sum.elapsedMs, generator.elapsedMs),
    });
  }
  const all = [...seconds.values()];
  const cpuMs = all.reduce((sum, second) => sum + second.cpuMs, 0);
  const elapsedMs = all.reduce((sum, second) => sum + second.elapsedMs, 0);
  const mean = elapsedMs === 0 ? null : (cpuMs / elapsedMs) * 1_000;
  const most = all
    .filter((second) => second.elapsedMs >= 500)
    .reduce((max, second) => Math.max(max, (second.cpuMs / second.elapsedMs) * 1_000), mean ?? 0);
  const own = records.find(({ role, name }) => role === 'generator' && name === NAME);
  const record: UseRecord = {
    ...(own ?? { role: 'generator', name: NAME, memoryBytesMean: null, memoryBytesMax: null, samples: 0 }),
    cpuMillicoresMean: mean,
    cpuMillicoresMax: mean === null ? null : most,
    cpuMsPer1000Requests: completed === 0 ? null : (cpuMs / completed) * 1_000,
  };
  return [...records.filter((other) => other !== own), record];
}

/** Zero for a process that has ended. See proc_pid_status(5). */
async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return Number(kilobytes) * 1_024;
}

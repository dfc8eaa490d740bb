import { cpus, loadavg, release, totalmem } from 'node:os';

export interface Machine {
  readonly cores: number;
  readonly model: string;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  /** Load averages over 1, 5 and 15 minutes: with other work on the machine they explain wide intervals. */
  readonly load: readonly number[];
}

export function describeMachine(): Machine {
  const all = cpus();
  return {
    cores: all.length,
    model: all[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    load: loadavg().map((value) => Math.round(value * 100) / 100),
  };
}

export function machineLine(machine: Machine): string {
  const { cores, model, memoryGiB, kernel, node, load } = machine;
  return `${cores} × ${model}, ${memoryGiB} GiB, Linux ${kernel}, Node ${node}, load ${load.join(' ')}`;
}

import { cpuTimeMs, machineCpuMs } from '../processes/proc.ts';
import type { Generator, LoadTask, Report } from './generator.ts';
import type { Sink, SinkBehaviour } from './sink.ts';

/** A part of the run, counted from its first request, in which nobody is still warming up. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Measured {
  readonly generator: string;
  readonly report: Report;
  /** Requests that the server took in the window, whoever says otherwise. */
  readonly rps: number;
  /** Cores in use in the window. */
  readonly generatorCores: number;
  readonly serverCores: number;
  /** CPU that other programs used in it, in percent of one core. */
  readonly foreignPercent: number;
  /** The beginning and the end of the window by the server's clock. */
  readonly fromNs: number;
  readonly toNs: number;
}

/** One generator at work, with everything that is known about it counted in the same way for all: at the server, by the kernel. */
export async function measureRun(
  sink: Sink,
  generator: Generator,
  task: Omit<LoadTask, 'url'>,
  window: Window,
  behaviour: SinkBehaviour = {},
): Promise<Measured> {
  await sink.reset(behaviour);
  const running = await generator.start({ ...task, url: sink.url });
  try {
    await sink.firstRequest(running.done);
    await pause(window.fromMs);
    const before = await sample(sink, running.pid);
    await pause(window.toMs - window.fromMs);
    const after = await sample(sink, running.pid);
    const report = await running.done;
    const elapsedMs = (after.atNs - before.atNs) / 1e6;
    const used = (of: 'generatorMs' | 'serverMs' | 'machineMs' | 'benchMs') => after[of] - before[of];
    const ours = used('generatorMs') + used('serverMs') + used('benchMs');
    return {
      generator: generator.name,
      report,
      rps: ((after.requests - before.requests) / elapsedMs) * 1_000,
      generatorCores: used('generatorMs') / elapsedMs,
      serverCores: used('serverMs') / elapsedMs,
      foreignPercent: Math.max(0, (100 * (used('machineMs') - ours)) / elapsedMs),
      fromNs: before.atNs,
      toNs: after.atNs,
    };
  } finally {
    running.kill();
  }
}

async function sample(sink: Sink, pid: number) {
  // Together, so that they belong to the same moment.
  const [count, generatorMs, serverMs, machineMs] = await Promise.all([
    sink.count(),
    cpuTimeMs(pid),
    cpuTimeMs(sink.pid),
    machineCpuMs(),
  ]);
  const { user, system } = process.cpuUsage();
  return { ...count, generatorMs, serverMs, machineMs, benchMs: (user + system) / 1_000 };
}

function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}

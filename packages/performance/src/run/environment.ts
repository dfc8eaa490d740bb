import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';
import type { RunEnvironment } from '../record/run-record.ts';

/** What only the caller knows. */
export interface KnownEnvironment {
  /** Of Meshwise. */
  readonly version: string;
  readonly envoy?: string | null;
  readonly capture?: string | null;
  readonly configurationHash?: string | null;
}

/** What a result depends on besides its plan, taken before the run so that the load average is that of the others. */
export function environmentOf(known: KnownEnvironment): RunEnvironment {
  const processors = cpus();
  return {
    meshwise: known.version,
    node: process.versions.node,
    system: `${type()} ${release()} ${arch()}`,
    cpuModel: processors[0]?.model.trim() || 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    loadAverage: loadavg()[0] ?? 0,
    envoy: known.envoy ?? null,
    capture: known.capture ?? null,
    configurationHash: known.configurationHash ?? null,
  };
}

import type { LineProcess } from '../processes/line-process.ts';
import { cpuTimeMs, machineCpuMs } from '../processes/proc.ts';
import type { LoadOptions, LoadResult } from './load.ts';
import type { Path, PathName } from './paths.ts';

export type LoadAnswer = { readonly kind: 'ready' } | ({ readonly kind: 'loaded' } & LoadResult);

/** One path under load for some seconds. */
export interface Block extends LoadResult {
  readonly path: PathName;
  /** CPU of each proxy on the way per completed request, in the order of the way. */
  readonly proxyCpuUs: readonly number[];
  /** What others on the machine used meanwhile, in percent of one core. */
  readonly foreignPercent: number;
}

/** What was measured next to each other: every path once. */
export type Round = Readonly<Record<PathName, Block>>;

export interface Meter {
  readonly client: LineProcess<LoadAnswer>;
  /** Processes of the bench beside client and proxies, whose CPU is not foreign. */
  readonly ownPids: readonly number[];
}

export async function measureRound(
  paths: readonly Path[],
  meter: Meter,
  load: Omit<LoadOptions, 'target'>,
): Promise<Round> {
  const blocks: Partial<Record<PathName, Block>> = {};
  for (const path of paths) blocks[path.name] = await measureBlock(path, meter, load);
  return blocks as Round;
}

async function measureBlock(path: Path, meter: Meter, load: Omit<LoadOptions, 'target'>): Promise<Block> {
  const own = [meter.client.pid, ...meter.ownPids];
  const before = await Promise.all([machineCpuMs(), cpuOf(own), ...path.proxies.map(({ pid }) => cpuTimeMs(pid))]);
  meter.client.send({ kind: 'load', options: { ...load, target: path.target } });
  const { kind: _, ...result } = await meter.client.next('loaded');
  const after = await Promise.all([machineCpuMs(), cpuOf(own), ...path.proxies.map(({ pid }) => cpuTimeMs(pid))]);
  const [machine = 0, bench = 0, ...proxies] = after.map((value, index) => value - (before[index] ?? 0));
  return {
    path: path.name,
    ...result,
    proxyCpuUs: proxies.map((cpuMs) => (cpuMs * 1_000) / result.completed),
    foreignPercent: (100 * (machine - bench)) / result.elapsedMs,
  };
}

async function cpuOf(pids: readonly number[]): Promise<number> {
  const times = await Promise.all(pids.map(cpuTimeMs));
  return times.reduce((sum, time) => sum + time, 0);
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureEnvoy } from '@meshwise/platform';
import { startEnvoy } from '../data-path/start-envoy.ts';
import { LocalMesh } from '../mesh/local-mesh.ts';
import { cpuTimeMs, type Memory, readMemory } from '../processes/proc.ts';
import { number, spread } from '../report/format.ts';
import type { Bench, BenchOptions, BenchResult } from '../report/result.ts';
import { median } from '../stats/percentile.ts';

export const memory: Bench = {
  name: 'memory',
  description: 'memory and idle CPU of sidecars and daemon with BookInfo',
  run,
};

interface Idle extends Memory {
  readonly cpuPercent: number;
}

async function run({ small, log }: BenchOptions): Promise<BenchResult> {
  const [settleMs, watchMs] = small ? [2_000, 2_000] : [15_000, 30_000];
  const mesh = await LocalMesh.create();
  try {
    await mesh.startDaemon();
    log('waiting until it is quiet');
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const { sidecar: sidecars, gateway: gateways } = await mesh.proxies();
    const [ofSidecars, ofGateways, [ofDaemon]] = await Promise.all([
      observe(sidecars, watchMs),
      observe(gateways, watchMs),
      observe([mesh.daemonPid], watchMs),
    ]);
    const bare = await bareEnvoy(watchMs);
    return {
      tables: [
        table([
          [`sidecar (${sidecars.length})`, ofSidecars],
          [`ingress gateway (${gateways.length})`, ofGateways],
          ['daemon', ofDaemon === undefined ? [] : [ofDaemon]],
          ['Envoy without configuration', [bare]],
        ]),
      ],
      notes: [
        `Idle for ${settleMs / 1_000} s, then read; CPU over the ${watchMs / 1_000} s after. PSS counts pages that several processes share in shares, so Envoy's program itself weighs less with more sidecars; private is what goes when the process goes.`,
        `A sidecar's configuration and connections take ${number((median(ofSidecars.map(({ privateBytes }) => privateBytes)) - bare.privateBytes) / 1e6)} MB more private memory than an Envoy without any.`,
      ],
      details: { sidecars: ofSidecars, gateways: ofGateways, daemon: ofDaemon, bare },
    };
  } finally {
    await mesh.remove();
  }
}

function table(rows: readonly (readonly [string, readonly Idle[]])[]) {
  const megabytes = (of: (one: Idle) => number) => (all: readonly Idle[]) => spread(all.map((one) => of(one) / 1e6));
  const columns = [
    megabytes(({ pssBytes }) => pssBytes),
    megabytes(({ privateBytes }) => privateBytes),
    megabytes(({ rssBytes }) => rssBytes),
    (all: readonly Idle[]) => spread(all.map(({ cpuPercent }) => cpuPercent)),
  ];
  return {
    title: 'Idle processes with BookInfo: median (least–most)',
    columns: ['process', 'PSS MB', 'private MB', 'RSS MB', 'CPU % of one core'],
    rows: rows.map(([name, all]) => [name, ...columns.map((column) => column(all))]),
  };
}

async function observe(pids: readonly number[], watchMs: number): Promise<Idle[]> {
  const memories = await Promise.all(pids.map(readMemory));
  const before = await Promise.all(pids.map(cpuTimeMs));
  await new Promise((resolve) => setTimeout(resolve, watchMs));
  const after = await Promise.all(pids.map(cpuTimeMs));
  return memories.map((one, index) => ({
    ...one,
    cpuPercent: (100 * ((after[index] ?? 0) - (before[index] ?? 0))) / watchMs,
  }));
}

/** The peer of a sidecar: the same program with the same flags and nothing to do. */
async function bareEnvoy(watchMs: number): Promise<Idle> {
  const directory = await mkdtemp(join(tmpdir(), 'mw-bench-'));
  const configPath = join(directory, 'bare.json');
  await writeFile(
    configPath,
    JSON.stringify({ admin: { address: { pipe: { path: join(directory, 'bare.admin') } } } }),
  );
  const { path: envoyPath } = await ensureEnvoy();
  const envoy = await startEnvoy({ envoyPath, directory, name: 'bare', configPath, cores: undefined });
  try {
    const [idle] = await observe([envoy.pid], watchMs);
    if (idle === undefined) throw new Error('nothing was observed');
    return idle;
  } finally {
    await envoy.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

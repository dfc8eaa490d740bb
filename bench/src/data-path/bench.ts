import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@meshwise/core';
import { CertificateAuthority, ensureEnvoy } from '@meshwise/platform';
import { LineProcess } from '../processes/line-process.ts';
import type { Bench, BenchOptions, BenchResult } from '../report/result.ts';
import { seededRandom } from '../stats/random.ts';
import { type LoadAnswer, measureRound, type Round } from './blocks.ts';
import { type Sidecars, startGenerated } from './generated.ts';
import { startApp, startHandWritten } from './hand-written.ts';
import { blockOrder } from './order.ts';
import { pathsOf } from './paths.ts';
import { counter, type RunningEnvoy } from './start-envoy.ts';
import { comparisonTable, pathTable, type Starts, throughputTable } from './tables.ts';

const SEED = 20_261_121;
const FULL = { starts: 8, rounds: 2, rateMs: 2_000, closedMs: 1_000 };
const SMALL: typeof FULL = { starts: 2, rounds: 1, rateMs: 500, closedMs: 300 };
/** Far below saturation: two sidecars and the program stay below half of one core. */
const RATE_PER_S = 500;
const CONNECTIONS = 8;

export const dataPath: Bench = {
  name: 'data-path',
  description: 'CPU and latency of the generated Envoy configuration against one written by hand',
  run,
};

async function run({ small, log }: BenchOptions): Promise<BenchResult> {
  const size = small ? SMALL : FULL;
  const random = seededRandom(SEED);
  const canPin = availableParallelism() >= 2 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;
  const starts: Start[] = [];
  for (let index = 0; index < size.starts; index += 1) {
    log(`start ${index + 1} of ${size.starts}`);
    starts.push(await measureStart(size, canPin, random));
  }
  const atRate = starts.map((one) => one.atRate);
  const closed = starts.map((one) => one.closed);
  const blocks = (all: Starts, blockMs: number) =>
    `${all.flat().length} blocks of ${blockMs / 1_000} s each over ${all.length} starts of the proxies`;
  const title = `${RATE_PER_S} requests per second, ${blocks(atRate, size.rateMs)}`;
  const closedTitle = `As many as go through, ${CONNECTIONS} connections, ${blocks(closed, size.closedMs)}`;
  return {
    tables: [
      comparisonTable(atRate, random, `${title}: value [95 % interval]; latencies are what is added to direct`),
      throughputTable(closed, random, `${closedTitle}: value [95 % interval]`),
      pathTable(atRate, title),
      pathTable(closed, closedTitle),
    ],
    notes: [
      canPin
        ? 'The client has core 0 to itself, program and proxies are pinned to core 1 together: requests per second are those of one core.'
        : 'Nothing is pinned: fewer than two cores, or no taskset.',
      `Mutual TLS handshakes at the servers' sidecars by their own counters, least over all starts: ${Math.min(...starts.map(({ handshakes }) => handshakes))}.`,
      'CPU is of all threads of the proxies on the way (schedstat), idle work included.',
      '“Within noise”: the 95 % interval includes “no difference” (bootstrap over starts and, in each, over rounds in which all paths are next to each other).',
    ],
    details: { seed: SEED, starts },
  };
}

interface Start {
  readonly atRate: readonly Round[];
  readonly closed: readonly Round[];
  readonly handshakes: number;
}

/** All proxies from their start to their end. */
async function measureStart(size: typeof FULL, canPin: boolean, random: () => number): Promise<Start> {
  const cores = canPin ? { client: '0', rest: '1' } : { client: undefined, rest: undefined };
  const directory = await mkdtemp(join(tmpdir(), 'mw-bench-'));
  const running: { stop(): Promise<void> }[] = [];
  const keep = <Started extends { stop(): Promise<void> }>(started: Started): Started => {
    running.push(started);
    return started;
  };
  try {
    const { path: envoyPath } = await ensureEnvoy();
    const caDirectory = join(directory, 'ca');
    const trustDomain = 'cluster.local';
    const authority = await CertificateAuthority.open({ directory: caDirectory, trustDomain, clock: systemClock });
    const place = { directory, envoyPath, cores: cores.rest, authority };
    const app = keep(await startApp(place));
    const generated = keep(await startGenerated(place));
    const handWritten = keep(await startHandWritten(place));
    const program = fileURLToPath(new URL('./load-process.ts', import.meta.url));
    const client = keep(new LineProcess<LoadAnswer>([process.execPath, program], { cores: cores.client }));
    await client.next('ready');

    const paths = pathsOf(generated, handWritten);
    const envoys = [app, generated.client, generated.server, handWritten.client, handWritten.server];
    const meter = { client, ownPids: [process.pid, ...envoys.map(({ pid }) => pid)] };
    const measure = async (rounds: number, load: Parameters<typeof measureRound>[2]): Promise<Round[]> => {
      const measured: Round[] = [];
      for (const order of blockOrder(paths, rounds, random)) measured.push(await measureRound(order, meter, load));
      return measured;
    };
    const connections = CONNECTIONS;
    // Caches, branch predictors and JIT: not counted.
    await measure(1, { connections, durationMs: size.closedMs / 2 });
    const atRate = await measure(size.rounds, { connections, durationMs: size.rateMs, ratePerS: RATE_PER_S });
    const closed = await measure(size.rounds, { connections, durationMs: size.closedMs });
    return { atRate, closed, handshakes: await checkMutualTls(generated, handWritten) };
  } finally {
    await Promise.all(running.map((one) => one.stop()));
    await rm(directory, { recursive: true, force: true });
  }
}

/** A path without TLS would look fast; the proxies' own counters say that both have it. */
async function checkMutualTls(generated: Sidecars, handWritten: Sidecars): Promise<number> {
  const handshakes = async (server: RunningEnvoy) => counter(server, '^listener\\..*\\.ssl\\.handshake$');
  const [ours, theirs] = await Promise.all([handshakes(generated.server), handshakes(handWritten.server)]);
  if (ours === 0 || theirs === 0) throw new Error(`no mutual TLS: ${ours} and ${theirs} handshakes`);
  return Math.min(ours, theirs);
}

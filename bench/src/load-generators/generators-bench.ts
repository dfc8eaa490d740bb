import { number, ratio, spread } from '../report/format.ts';
import type { Bench, BenchOptions, BenchResult, Table } from '../report/result.ts';
import { bootstrap } from '../stats/bootstrap.ts';
import { median } from '../stats/percentile.ts';
import { seededRandom, shuffled } from '../stats/random.ts';
import type { Generator } from './generator.ts';
import { leastDisturbed } from './least-disturbed.ts';
import { CLOSED, lineup } from './lineup.ts';
import { type Measured, measureRun, type Window } from './measure-run.ts';
import { orNote } from './or-note.ts';
import { ownGenerator } from './own-generator.ts';
import type { Sink } from './sink.ts';
import { withSink } from './with-sink.ts';

const OURS = ownGenerator();
const CONNECTIONS = 32;
const SEED = 4;

interface Size {
  readonly rounds: number;
  readonly window: Window;
  readonly totalMs: number;
  /** Of disturbed runs, in all. */
  readonly repeats: number;
}
const FULL: Size = { rounds: 6, window: { fromMs: 2_000, toMs: 5_800 }, totalMs: 6_000, repeats: 12 };
const SMALL: Size = { rounds: 2, window: { fromMs: 1_000, toMs: 1_600 }, totalMs: 2_000, repeats: 0 };

type Round = ReadonlyMap<string, Measured>;

export const generators: Bench = {
  name: 'generators',
  description: 'requests per second and core of our load generator and of others',
  run: (options) => withSink((sink) => run(sink, options)),
};

async function run(sink: Sink, { small, log }: BenchOptions): Promise<BenchResult> {
  const size = small ? SMALL : FULL;
  const { rounds, window, totalMs } = size;
  const peers = await lineup(CLOSED, log);
  const random = seededRandom(SEED);
  const done: Round[] = [];
  const failed = new Set<string>();
  const repeats = { left: size.repeats };
  for (let round = 1; round <= rounds; round += 1) {
    const results = new Map<string, Measured>();
    for (const generator of shuffled([OURS, ...peers.generators], random)) {
      log(`round ${round} of ${rounds}: ${generator.name}`);
      const task = taskOf(generator, window, totalMs);
      const measured = await orNote(
        leastDisturbed(repeats, () => measureRun(sink, generator, task, window)),
        generator.name,
        failed,
      );
      if (measured !== undefined) results.set(generator.name, measured);
    }
    done.push(results);
  }
  return {
    tables: [table(done, [OURS, ...peers.generators], random)],
    notes: [
      'Requests are those that the server took, in the same part of each run and after everybody has warmed up; CPU is the kernel’s.',
      'Percentiles are what each says of its own whole run; only ours leaves a warm-up out.',
      'Each as it is set up for the most it can: fortio with a histogram from 10 µs on, vegeta without keeping bodies, k6 discarding them.',
      'Aims: at least 1.0 of fortio, 0.9 of wrk and 5 of k6 in requests per CPU second.',
      ...peers.skipped,
      ...failed,
    ],
    details: done.map((round) => [...round.values()]),
  };
}

function taskOf({ warmsUp }: Generator, { fromMs }: Window, totalMs: number) {
  const warmUpMs = warmsUp ? fromMs : 0;
  return { connections: CONNECTIONS, rps: null, warmUpMs, durationMs: totalMs - warmUpMs };
}

function table(rounds: readonly Round[], all: readonly Generator[], random: () => number): Table {
  return {
    title: `Closed loop, ${CONNECTIONS} connections, 1 KiB, generator on one core and server on the other: median (least–most) of ${rounds.length} rounds`,
    columns: [
      ...['generator', 'rps', 'rps per generator CPU s', 'ours against it, per CPU s', 'rps, ours against it'],
      ...['generator core %', 'server core %', 'p50 ms', 'p99 ms', 'p99.9 ms', 'foreign CPU %'],
    ],
    rows: all.map(({ name }) => {
      const of = (figure: (measured: Measured) => number, drawn = rounds, who = name) =>
        drawn.flatMap((round) => round.get(who) ?? []).map(figure);
      const against = (figure: (measured: Measured) => number) =>
        name === OURS.name ? '' : compared(rounds, figure, of, random);
      return [
        name,
        spread(of(({ rps }) => rps)),
        spread(of(perCpuSecond)),
        against(perCpuSecond),
        against(({ rps }) => rps),
        number(100 * median(of(({ generatorCores }) => generatorCores))),
        number(100 * median(of(({ serverCores }) => serverCores))),
        ...(['p50Ms', 'p99Ms', 'p999Ms'] as const).map((at) => number(median(of(({ report }) => report.latency[at])))),
        spread(of(({ foreignPercent }) => foreignPercent)),
      ];
    }),
  };
}

function compared(
  rounds: readonly Round[],
  figure: (measured: Measured) => number,
  of: (figure: (measured: Measured) => number, rounds: readonly Round[], who?: string) => number[],
  random: () => number,
): string {
  return ratio(bootstrap(rounds, (drawn) => median(of(figure, drawn, OURS.name)) / median(of(figure, drawn)), random));
}

function perCpuSecond({ rps, generatorCores }: Measured): number {
  return rps / generatorCores;
}

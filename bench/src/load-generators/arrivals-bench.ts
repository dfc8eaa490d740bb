import { number, spread } from '../report/format.ts';
import type { Bench, BenchOptions, BenchResult, Table } from '../report/result.ts';
import { median } from '../stats/percentile.ts';
import { seededRandom, shuffled } from '../stats/random.ts';
import { type Evenness, evennessOf } from './gaps.ts';
import { leastDisturbed } from './least-disturbed.ts';
import { lineup, OPEN } from './lineup.ts';
import { type Measured, measureRun, type Window } from './measure-run.ts';
import { orNote } from './or-note.ts';
import { ownGenerator } from './own-generator.ts';
import type { Sink } from './sink.ts';
import { withSink } from './with-sink.ts';

const OURS = ownGenerator();
const LOADS = [
  { rps: 500, connections: 16 },
  { rps: 2_000, connections: 16 },
  { rps: 20_000, connections: 64 },
];
const SEED = 5;

interface Size {
  readonly rounds: number;
  readonly window: Window;
  readonly totalMs: number;
  /** Of disturbed runs, in all. */
  readonly repeats: number;
}
const FULL: Size = { rounds: 2, window: { fromMs: 1_500, toMs: 4_700 }, totalMs: 5_000, repeats: 12 };
const SMALL: Size = { rounds: 1, window: { fromMs: 800, toMs: 1_400 }, totalMs: 1_500, repeats: 0 };

interface Result extends Measured {
  readonly targetRps: number;
  readonly evenness: Evenness;
}

export const arrivals: Bench = {
  name: 'arrivals',
  description: 'how evenly and how punctually generators send at a rate, seen at the server',
  run: (options) => withSink((sink) => run(sink, options)),
};

async function run(sink: Sink, { small, log }: BenchOptions): Promise<BenchResult> {
  const size = small ? SMALL : FULL;
  const { rounds, window, totalMs } = size;
  const peers = await lineup(OPEN, log);
  const all = [OURS, ...peers.generators];
  const random = seededRandom(SEED);
  const results: Result[] = [];
  const failed = new Set<string>();
  const repeats = { left: size.repeats };
  for (let round = 1; round <= rounds; round += 1) {
    for (const { rps, connections } of LOADS) {
      for (const generator of shuffled(all, random)) {
        log(`round ${round} of ${rounds}, ${rps} a second: ${generator.name}`);
        const warmUpMs = generator.warmsUp ? window.fromMs : 0;
        const task = { connections, rps, warmUpMs, durationMs: totalMs - warmUpMs };
        const attempt = async (): Promise<Result> => {
          const measured = await measureRun(sink, generator, task, window);
          const arrivedNs = (await sink.records()).map((record) => record.arrivedNs);
          const within = arrivedNs.filter((atNs) => atNs >= measured.fromNs && atNs < measured.toNs);
          return { ...measured, targetRps: rps, evenness: evennessOf(within, rps) };
        };
        const result = await orNote(leastDisturbed(repeats, attempt), generator.name, failed);
        if (result !== undefined) results.push(result);
      }
    }
  }
  const names = all.map(({ name }) => name);
  return {
    tables: LOADS.map(({ rps, connections }) => table(results, names, rps, connections)),
    notes: [
      'Gaps are between arrivals as the server saw them; together: the share of gaps below a tenth of the ideal.',
      'L is how late a request was sent after its time, which only ours says; the latencies of the others begin where each thinks they begin.',
      'Aim: the 99th percentile of gaps at most 1.4 of the ideal at 2,000 a second.',
      ...peers.skipped,
      ...failed,
    ],
    details: results,
  };
}

function table(results: readonly Result[], names: readonly string[], rps: number, connections: number): Table {
  return {
    title: `${rps} requests a second, ${connections} connections; ideal gap ${number(1e6 / rps)} µs: median (least–most)`,
    columns: [
      ...['generator', 'rps', 'gap p50 µs', 'gap p99 µs', 'p99 of ideal', 'together %', 'L p50 µs', 'L p99 µs'],
      ...['p50 ms', 'p99 ms', 'generator CPU %', 'foreign CPU %'],
    ],
    rows: names.map((name) => {
      const found = results.filter((result) => result.generator === name && result.targetRps === rps);
      const of = (figure: (result: Result) => number) => found.map(figure);
      return [
        name,
        number(median(of((result) => result.rps))),
        spread(of(({ evenness }) => evenness.p50Us)),
        spread(of(({ evenness }) => evenness.p99Us)),
        spread(of(({ evenness }) => evenness.p99OfIdeal)),
        number(100 * median(of(({ evenness }) => evenness.togetherShare))),
        number(1_000 * median(of(({ report }) => report.lag?.p50Ms ?? Number.NaN))),
        number(1_000 * median(of(({ report }) => report.lag?.p99Ms ?? Number.NaN))),
        number(median(of(({ report }) => report.latency.p50Ms))),
        number(median(of(({ report }) => report.latency.p99Ms))),
        number(100 * median(of(({ generatorCores }) => generatorCores))),
        number(median(of(({ foreignPercent }) => foreignPercent))),
      ];
    }),
  };
}

import type { Bench, BenchOptions, BenchResult } from '../report/result.ts';
import { seededRandom } from '../stats/random.ts';
import { delaysPart, rowsOf } from './delays-part.ts';
import { histogramPart } from './histogram-part.ts';
import { lineup, STALLED } from './lineup.ts';
import { multiplexedPart } from './multiplexed-part.ts';
import { ownGenerator } from './own-generator.ts';
import type { Sink } from './sink.ts';
import { stallPart } from './stall-part.ts';
import { withSink } from './with-sink.ts';

const OURS = ownGenerator();
const SEED = 6;
const FULL = {
  stall: { warmUpMs: 2_000, durationMs: 10_000, stallMs: 1_000, repeats: 4 },
  delays: { warmUpMs: 2_000, durationMs: 6_000, repeats: 2 },
  samples: 1_000_000,
  multiplexed: { rounds: 5, warmUpMs: 2_000, durationMs: 4_000 },
};
const SMALL: typeof FULL = {
  stall: { warmUpMs: 500, durationMs: 2_000, stallMs: 200, repeats: 0 },
  delays: { warmUpMs: 500, durationMs: 1_000, repeats: 0 },
  samples: 10_000,
  multiplexed: { rounds: 1, warmUpMs: 1_000, durationMs: 1_000 },
};

export const truth: Bench = {
  name: 'truth',
  description: 'what generators report against what is known: a stall, delays, raw samples; and HTTP/2',
  run: (options) => withSink((sink) => run(sink, options)),
};

async function run(sink: Sink, { small, log }: BenchOptions): Promise<BenchResult> {
  const size = small ? SMALL : FULL;
  const random = seededRandom(SEED);
  const peers = await lineup(STALLED, log);
  const stall = await stallPart(sink, [OURS, ...peers.generators], size.stall, log);
  const delays = await delaysPart(sink, OURS, size.delays, log);
  const stalled = stall.details.filter(({ generator }) => generator === OURS.name);
  const histogram = histogramPart(delays.samplesNs, size.samples, random);
  const multiplexed = await multiplexedPart(size.multiplexed, random, log);
  return {
    tables: [
      stall.table,
      { ...delays.table, rows: [...delays.table.rows, ...stalled.flatMap((one) => rowsOf('the stall', one))] },
      histogram,
      multiplexed.table,
    ],
    notes: [
      'The truth of the stall is that of callers who come at their times whatever became of others. Aims: p99 within 5 %, p99.9 within 2 % of it.',
      'A generator that is not right about the stall waits with its requests until the server answers again, and counts from then on.',
      'At a rate k6 and vegeta may open more connections when theirs are busy, as they do unless they are forbidden to.',
      'What the server wrote down by itself begins when it read a request and ends when it had written the answer; S has the way there and back as well.',
      'Aim for histograms: 0.1 % at every percentile.',
      'With HTTP/2 each rate is what the generator says of itself.',
      ...new Set([...peers.skipped, ...stall.failed, ...multiplexed.notes]),
    ],
    details: { stall: stall.details, delays: delays.details, multiplexed: multiplexed.details },
  };
}

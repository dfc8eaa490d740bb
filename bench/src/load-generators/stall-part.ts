import { number } from '../report/format.ts';
import type { Table } from '../report/result.ts';
import type { Generator, Quantiles } from './generator.ts';
import { leastDisturbed } from './least-disturbed.ts';
import { type Measured, measureRun } from './measure-run.ts';
import { orNote } from './or-note.ts';
import type { Sink } from './sink.ts';
import { trueQuantiles } from './stall.ts';

const RPS = 500;
const CONNECTIONS = 16;
/** Where the tail is as it should be: the aims of this bench. */
const P99_PERCENT = 5;
const P999_PERCENT = 2;

export interface StallSize {
  readonly warmUpMs: number;
  readonly durationMs: number;
  readonly stallMs: number;
  /** Of disturbed runs, in all. */
  readonly repeats: number;
}

/** The server stands still once, in the middle of the run. What does each generator say that its callers waited? */
export async function stallPart(
  sink: Sink,
  generators: readonly Generator[],
  size: StallSize,
  log: (text: string) => void,
): Promise<{ readonly table: Table; readonly details: readonly Measured[]; readonly failed: ReadonlySet<string> }> {
  const truth = trueQuantiles(size);
  const details: Measured[] = [];
  const failed = new Set<string>();
  const repeats = { left: size.repeats };
  for (const generator of generators) {
    log(`a stall: ${generator.name}`);
    const warmUpMs = generator.warmsUp ? size.warmUpMs : 0;
    const task = { connections: CONNECTIONS, rps: RPS, warmUpMs, durationMs: size.durationMs };
    const behaviour = { stallAfterMs: warmUpMs + size.durationMs / 2, stallMs: size.stallMs };
    const window = { fromMs: 100, toMs: 0.9 * size.durationMs };
    const measured = await orNote(
      leastDisturbed(repeats, () => measureRun(sink, generator, task, window, behaviour)),
      generator.name,
      failed,
    );
    if (measured !== undefined) details.push(measured);
  }
  return { table: table(details, truth, size), details, failed };
}

function table(measured: readonly Measured[], truth: Quantiles, { durationMs, stallMs }: StallSize): Table {
  const row = (name: string, rps: number, latency: Quantiles, verdict: string) => [
    name,
    number(rps),
    ...[latency.p50Ms, latency.p90Ms, latency.p99Ms, latency.p999Ms].map(number),
    verdict,
  ];
  return {
    title: `A server that stops for ${number(stallMs)} ms in a run of ${number(durationMs / 1_000)} s, ${RPS} requests a second, ${CONNECTIONS} connections: response times in ms`,
    columns: ['generator', 'rps said', 'p50', 'p90', 'p99', 'p99.9', 'p99 and p99.9 against the truth'],
    rows: [
      row('the truth', RPS, truth, ''),
      ...measured.map(({ generator, report: { rps, latency } }) =>
        row(generator, rps, latency, verdictOn(latency, truth)),
      ),
    ],
  };
}

function verdictOn(latency: Quantiles, truth: Quantiles): string {
  const offPercent = (at: 'p99Ms' | 'p999Ms') => 100 * (latency[at] / truth[at] - 1);
  const [p99, p999] = [offPercent('p99Ms'), offPercent('p999Ms')];
  const isRight = Math.abs(p99) <= P99_PERCENT && Math.abs(p999) <= P999_PERCENT;
  return `${signed(p99)} %, ${signed(p999)} %${isRight ? '' : ': not it'}`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'} ${number(Math.abs(value))}`;
}

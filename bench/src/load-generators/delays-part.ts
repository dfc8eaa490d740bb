import { number } from '../report/format.ts';
import type { Table } from '../report/result.ts';
import type { Generator, Quantiles } from './generator.ts';
import { leastDisturbed } from './least-disturbed.ts';
import { type Measured, measureRun } from './measure-run.ts';
import { quantilesOf } from './peers/samples.ts';
import type { Sink, SinkBehaviour } from './sink.ts';

const RPS = 500;
const CONNECTIONS = 16;
const DELAYS: readonly (SinkBehaviour & { readonly name: string })[] = [
  { name: '5 ms', constantUs: 5_000 },
  { name: '2 ms, every twentieth 40 ms', constantUs: 2_000, slowUs: 40_000, slowEvery: 20 },
];

export interface DelaysPart {
  readonly table: Table;
  readonly details: readonly Measured[];
  /** What the server took for each request, for the histograms' own error. */
  readonly samplesNs: readonly number[];
}

/** S, R and L against a server whose delays are known, and written down by itself. */
export async function delaysPart(
  sink: Sink,
  ours: Generator,
  size: { readonly warmUpMs: number; readonly durationMs: number; readonly repeats: number },
  log: (text: string) => void,
): Promise<DelaysPart> {
  const { warmUpMs, durationMs } = size;
  const rows: string[][] = [];
  const details: Measured[] = [];
  const samplesNs: number[] = [];
  const repeats = { left: size.repeats };
  for (const { name, ...behaviour } of DELAYS) {
    log(`delays: ${name}`);
    const task = { connections: CONNECTIONS, rps: RPS, warmUpMs, durationMs };
    const window = { fromMs: warmUpMs, toMs: warmUpMs + 0.9 * durationMs };
    const attempt = async () => {
      const measured = await measureRun(sink, ours, task, window, behaviour);
      const records = (await sink.records()).filter(({ arrivedNs }) => arrivedNs >= measured.fromNs);
      return { ...measured, tookNs: records.map(({ arrivedNs, answeredNs }) => answeredNs - arrivedNs) };
    };
    const { tookNs, ...measured } = await leastDisturbed(repeats, attempt);
    const server = quantilesOf(tookNs.map((ns) => ns / 1e6));
    rows.push(row(name, 'the server, by itself', server), ...rowsOf(name, measured));
    details.push(measured);
    samplesNs.push(...tookNs);
  }
  const title = `Known delays, ${RPS} requests a second, ${CONNECTIONS} connections: milliseconds`;
  return { table: { title, columns: ['delay', 'measured', 'p50', 'p90', 'p99', 'p99.9'], rows }, details, samplesNs };
}

/** S, R and L of a run. */
export function rowsOf(delay: string, { report: { service, latency, lag } }: Measured): string[][] {
  return [
    row(delay, 'S, sent to done', service),
    row(delay, 'R, intended to done', latency),
    row(delay, 'L, intended to sent', lag),
  ];
}

function row(delay: string, what: string, quantiles: Quantiles | undefined): string[] {
  const { p50Ms, p90Ms, p99Ms, p999Ms } = quantiles ?? {};
  return [delay, what, ...[p50Ms, p90Ms, p99Ms, p999Ms].map((ms) => number(ms ?? Number.NaN))];
}

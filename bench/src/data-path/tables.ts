import { difference, interval, number, ratio } from '../report/format.ts';
import type { Table } from '../report/result.ts';
import { type Estimate, groupedBootstrap } from '../stats/bootstrap.ts';
import { median } from '../stats/percentile.ts';
import type { Block, Round } from './blocks.ts';
import type { PathName } from './paths.ts';

type Figure = (block: Block) => number;
type Random = () => number;
/** The rounds of each start of the proxies. */
export type Starts = readonly (readonly Round[])[];

const PAIRS: readonly { readonly label: string; readonly generated: PathName; readonly handWritten: PathName }[] = [
  { label: 'one sidecar', generated: 'one-generated', handWritten: 'one-static' },
  { label: 'two sidecars, mTLS', generated: 'two-generated', handWritten: 'two-static' },
];

const over = (rounds: readonly Round[], path: PathName, figure: Figure) =>
  median(rounds.map((round) => figure(round[path])));
const cpu: Figure = ({ proxyCpuUs }) => proxyCpuUs.reduce((sum, value) => sum + value, 0);

const COLUMNS = ['path', 'figure', 'generated', 'hand-written', 'generated against hand-written'];

/** The generated configuration against the hand-written one; every figure the median over blocks. */
export function comparisonTable(starts: Starts, random: Random, title: string): Table {
  const estimate = (of: (drawn: readonly Round[]) => number): Estimate => groupedBootstrap(starts, of, random);
  const rows = PAIRS.flatMap(({ label, generated, handWritten }) => [
    ratioRow(label, 'Envoy CPU µs per request', { generated, handWritten, figure: cpu }, starts, random),
    ...(['p50', 'p90', 'p99'] as const).map((at) => {
      const added = (path: PathName) => (drawn: readonly Round[]) =>
        median(drawn.map((one) => one[path].latency[at] - one.direct.latency[at]));
      // A ratio of two differences that may be nothing says nothing, so here it is the difference between the two.
      const between = (drawn: readonly Round[]) =>
        median(drawn.map((one) => one[generated].latency[at] - one[handWritten].latency[at]));
      return [
        label,
        `${at} added ms`,
        interval(estimate(added(generated))),
        interval(estimate(added(handWritten))),
        difference(estimate(between)),
      ];
    }),
  ]);
  return { title, columns: COLUMNS, rows };
}

function ratioRow(
  label: string,
  name: string,
  { generated, handWritten, figure }: { generated: PathName; handWritten: PathName; figure: Figure },
  starts: Starts,
  random: Random,
): string[] {
  const ours = (drawn: readonly Round[]) => over(drawn, generated, figure);
  const theirs = (drawn: readonly Round[]) => over(drawn, handWritten, figure);
  // Of neighbours in time, so that a machine that is slower for a while does not come between them.
  const paired = (drawn: readonly Round[]) =>
    median(drawn.map((one) => figure(one[generated]) / figure(one[handWritten])));
  return [
    label,
    name,
    interval(groupedBootstrap(starts, ours, random)),
    interval(groupedBootstrap(starts, theirs, random)),
    `× ${ratio(groupedBootstrap(starts, paired, random))}`,
  ];
}

export function throughputTable(starts: Starts, random: Random, title: string): Table {
  const perSecond: Figure = ({ completed, elapsedMs }) => (completed * 1_000) / elapsedMs;
  const direct = interval(groupedBootstrap(starts, (drawn) => over(drawn, 'direct', perSecond), random));
  const rows = PAIRS.flatMap(({ label, ...pair }) => [
    ratioRow(label, 'requests per second', { ...pair, figure: perSecond }, starts, random),
    ratioRow(label, 'Envoy CPU µs per request', { ...pair, figure: cpu }, starts, random),
  ]);
  return { title, columns: COLUMNS, rows: [['direct', 'requests per second', direct, direct, ''], ...rows] };
}

/** What the paths took in themselves, and how disturbed the machine was. */
export function pathTable(starts: Starts, title: string): Table {
  const rounds = starts.flat();
  const names: readonly PathName[] = ['direct', 'one-static', 'one-generated', 'two-static', 'two-generated'];
  return {
    title,
    columns: ['path', 'p50 ms', 'p90 ms', 'p99 ms', 'Envoy CPU µs', 'errors', 'queued', 'foreign CPU %'],
    rows: names.map((path) => [
      path,
      ...(['p50', 'p90', 'p99'] as const).map((at) => number(over(rounds, path, ({ latency }) => latency[at]))),
      (rounds[0]?.[path].proxyCpuUs ?? [])
        .map((_, index) => number(over(rounds, path, ({ proxyCpuUs }) => proxyCpuUs[index] ?? Number.NaN)))
        .join(' + '),
      String(rounds.reduce((sum, round) => sum + round[path].errors, 0)),
      String(rounds.reduce((sum, round) => sum + round[path].queued, 0)),
      number(over(rounds, path, ({ foreignPercent }) => foreignPercent)),
    ]),
  };
}

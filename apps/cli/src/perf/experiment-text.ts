import {
  ADDED_WORDS,
  differenceText,
  type Estimate,
  type ExperimentRecord,
  FIGURE_WORDS,
  numberText,
  VARIANT_TITLES,
} from '@meshwise/performance';
import { clean, table } from '../output/table.ts';
import type { Paint } from '../output/tone.ts';

/** What being on the mesh costs, on a terminal: each way, what sidecars add with intervals, and published figures beside. */
export function experimentText(record: ExperimentRecord, paint: Paint): string {
  const { report, state, note, rounds, blocks } = record;
  const about = `${paint('result', 'quiet')} ${record.id}  ${clean(record.name)}  ${state}, ${blocks.length} blocks of ${rounds} rounds\n`;
  const remark = note === null ? '' : `${clean(note)}\n`;
  if (report === null) return `${paint('Nothing to report', 'bad')}\n${remark}${about}`;
  const ways = table(
    ['', ...report.variants.map(({ variant }) => VARIANT_TITLES[variant])],
    [
      ...FIGURE_WORDS.map(({ figure, label, text }) => [
        label,
        ...report.variants.map((one) => estimateText(one[figure], text)),
      ]),
      [
        'Requests, failed',
        ...report.variants.map(({ requests, failed }) => `${numberText(requests)}, ${numberText(failed)}`),
      ],
    ],
    paint,
  );
  const added = report.added.map((one) => {
    const title = `Added by ${ADDED_WORDS[`${one.from}-${one.to}`] ?? `${one.to} over ${one.from}`}`;
    const rows = FIGURE_WORDS.map(({ figure, label, text }) => {
      const { verdict } = one[figure];
      const tone = verdict === 'within noise' || verdict === 'unknown' ? ('quiet' as const) : ('plain' as const);
      return [label, { text: differenceText(one[figure], text), tone }];
    });
    return table([title.toUpperCase(), ''], rows, paint);
  });
  const references = table(
    ['PUBLISHED ELSEWHERE', 'THEIRS', 'MEASURED HERE'],
    report.references.map(({ title, published, measured }) => [title, published, measured]),
    paint,
  );
  const notes = report.notes.map((text) => `- ${clean(text)}\n`).join('');
  const explained =
    'In brackets: 95 % intervals by resampling whole rounds. "Within noise": the interval includes no difference.\n';
  return [ways, ...added, references, notes, explained, remark, about].filter((part) => part !== '').join('\n');
}

function estimateText({ value, low, high }: Estimate, text: (value: number) => string): string | null {
  if (value === null) return null;
  return low === null || high === null ? text(value) : `${text(value)} [${text(low)}, ${text(high)}]`;
}

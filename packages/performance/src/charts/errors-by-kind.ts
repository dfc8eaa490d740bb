import type { LoadSummary } from '@meshwise/load';
import { barPath } from './path.ts';
import type { ChartScene, ChartSize, SceneText } from './scene.ts';
import { fitText, textWidth } from './text.ts';
import { numberText, percentText } from './units.ts';

const ROW = 26;

/** How many requests failed in which way. Bars are compared with each other; the share is that of all requests. */
export function errorsByKind(summary: LoadSummary, size: ChartSize): ChartScene {
  const errors = [...summary.errors].sort((a, b) => b.count - a.count);
  const all = summary.completed + summary.failed;
  const { width } = size;
  const top = size.heading === true ? 30 : 4;
  const labels = errors.map(({ kind }) => fitText(kind, width * 0.35));
  const values = errors.map(({ count }) => `${numberText(count)} (${percentText((100 * count) / Math.max(1, all))})`);
  const left = Math.max(0, ...labels.map(textWidth)) + 14;
  const room = width - left - Math.max(0, ...values.map(textWidth)) - 16;
  const most = Math.max(1, ...errors.map(({ count }) => count));
  const length = (count: number) => Math.max(2, (Math.max(20, room) * count) / most);
  const texts = errors.flatMap(({ count }, index): SceneText[] => {
    const y = top + index * ROW + 17;
    return [
      { kind: 'label', text: labels[index] ?? '', x: 4, y, anchor: 'start' },
      { kind: 'value', text: values[index] ?? '', x: left + length(count) + 7, y, anchor: 'start' },
    ];
  });
  const heading: SceneText[] =
    size.heading === true ? [{ kind: 'heading', text: 'Failed requests by kind', x: 4, y: 17, anchor: 'start' }] : [];
  const nothing: SceneText[] =
    errors.length === 0 ? [{ kind: 'note', text: 'nothing failed', x: 4, y: top + 17, anchor: 'start' }] : [];
  const d = errors.map(({ count }, index) => barPath(left, top + index * ROW + 6, length(count), ROW - 11)).join('');
  return {
    name: 'errors-by-kind',
    title: 'Failed requests by kind',
    summary:
      errors.length === 0
        ? 'No request failed.'
        : `${numberText(summary.failed)} of ${numberText(all)} requests failed: ${errors.map(({ kind, count }) => `${kind} ${numberText(count)}`).join(', ')}.`,
    width,
    height: top + Math.max(1, errors.length) * ROW + 6,
    axes: [],
    series: [{ label: 'failed requests', tone: 'bad', dash: 0, marks: [{ shape: 'bar', d }] }],
    texts: [...heading, ...texts, ...nothing],
    table: {
      headings: ['Kind', 'Requests', 'Share', 'One of them'],
      rows: errors.map(({ kind, count, sample }) => [
        kind,
        numberText(count),
        percentText((100 * count) / Math.max(1, all)),
        sample ?? '–',
      ]),
    },
  };
}

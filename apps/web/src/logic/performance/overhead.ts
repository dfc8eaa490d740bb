import {
  type AddedReport,
  type Difference,
  type Estimate,
  FIGURE_WORDS,
  type OverheadReport,
  signedText,
} from '@meshwise/performance';
import type { Badge } from './words.ts';

export type FigureWords = (typeof FIGURE_WORDS)[number];

/** What the whole mesh adds: from the fewest sidecars to the most. */
export function wholeCost(report: OverheadReport): AddedReport | undefined {
  const span = (added: AddedReport) => RANK[added.to] - RANK[added.from];
  return report.added.toSorted((a, b) => span(b) - span(a))[0];
}

const RANK = { none: 0, server: 1, both: 2 } as const;

/** Figures that any of the ways has: nobody needs an empty plot. */
export function measuredFigures(report: OverheadReport): readonly FigureWords[] {
  return FIGURE_WORDS.filter(({ figure }) => report.added.some((added) => added[figure].value !== null));
}

/** `2.41 ms to 3.02 ms`, with signs for differences; undefined when there are too few rounds to say. */
export function intervalText(words: FigureWords, estimate: Estimate, kind: 'value' | 'difference'): string | undefined {
  const { low, high } = estimate;
  if (low === null || high === null) return undefined;
  const text = (value: number) => (kind === 'difference' ? signedText(value, words.added) : words.text(value));
  return `${text(low)} to ${text(high)}`;
}

/** The verdict of a difference in a word, with the tone of what it means for a user. */
export function differenceBadge({ figure }: Pick<FigureWords, 'figure'>, { verdict }: Difference): Badge {
  if (verdict === 'unknown') return { label: 'Unknown', tone: 'unknown' };
  if (verdict === 'within noise') return { label: 'Within noise', tone: 'idle' };
  const worse = (verdict === 'more') !== (figure === 'achievedRps');
  return { label: verdict === 'more' ? 'More' : 'Less', tone: worse ? 'degraded' : 'healthy' };
}

import { latencyText, numberText, percentText, rateText, timeText } from '../charts/units.ts';
import type { CriterionOutcome, RunRecord } from '../record/run-record.ts';
import type { Tone } from './document.ts';

export interface RunVerdict {
  readonly tone: Tone;
  readonly word: string;
  readonly text: string;
}

/** How a run came out, in a word and a sentence: by its criteria when it has any, else by what happened. */
export function runVerdict(record: RunRecord): RunVerdict {
  const { summary, state, note, criteria } = record;
  if (summary === null) {
    const word = state === 'running' ? 'Still running' : 'Nothing measured';
    return { tone: state === 'running' ? 'doubt' : 'bad', word, text: note ?? 'There are no figures.' };
  }
  const missed = criteria.filter(({ met }) => !met);
  if (criteria.length > 0) {
    const decided = missed.length > 0 ? missed : criteria;
    const text = `${decided.map(criterionText).join('; ')}.`;
    return {
      tone: missed.length > 0 ? 'bad' : 'good',
      word: missed.length > 0 ? 'Criteria not met' : 'Criteria met',
      text,
    };
  }
  const ended = state === 'finished' ? 'Finished' : `Ended early (${state})`;
  const { completed, failed, dropped, achievedRps, response, errors } = summary;
  if (completed === 0) {
    const kinds = errors.map(({ kind, count }) => `${kind} ${numberText(count)}`).join(', ');
    const found = kinds === '' ? '' : ` (${kinds})`;
    const text = `${numberText(failed)} failed${found}, ${numberText(dropped)} were dropped.`;
    return { tone: 'bad', word: 'No good answer', text: note === null ? text : `${text} ${note}` };
  }
  const lost =
    failed + dropped === 0 ? 'none failed' : `${numberText(failed)} failed, ${numberText(dropped)} were dropped`;
  const text = `${numberText(completed)} good answers in ${timeText(summary.measuredMs)} (${rateText(achievedRps)}), ${lost}; half within ${latencyText(response.p50Ms)}, 99 % within ${latencyText(response.p99Ms)}.`;
  const tone = failed + dropped > 0 || state !== 'finished' ? 'doubt' : 'good';
  return { tone, word: ended, text: note === null ? text : `${text} ${note}` };
}

const METRICS: Readonly<
  Record<CriterionOutcome['metric'], readonly [string, string, (value: number | null) => string]>
> = {
  responseP50Ms: ['response time p50', 'at most', latencyText],
  responseP99Ms: ['response time p99', 'at most', latencyText],
  errorPercent: ['failed requests', 'at most', percentText],
  achievedPercent: ['achieved rate', 'at least', percentText],
};

function criterionText({ metric, limit, measured, met }: CriterionOutcome): string {
  const [name, bound, text] = METRICS[metric];
  return `${name} ${measured === null ? 'was not measured' : text(measured)}, ${met ? '' : 'not '}${bound} ${text(limit)}`;
}

import { timeText } from '../charts/units.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { DifferenceKind, FoundDifference } from './field.ts';

const NOT_ALIKE: readonly (readonly [DifferenceKind, string, string])[] = [
  ['target', 'The targets differ', 'a difference may be theirs'],
  ['load', 'The loads differ', 'latencies depend on the load'],
  ['machine', 'The machines differ', 'a difference may be theirs'],
];

const ONCE =
  'Each run was made once: an interval tells how a figure varied within its run, not from one run to the next. Repeat a run before a small difference counts.';

/** Why the figures of a comparison may not mean what they seem to. */
export function comparisonWarnings(records: readonly RunRecord[], differences: readonly FoundDifference[]): string[] {
  const warnings = NOT_ALIKE.flatMap(([kind, head, tail]) => {
    const found = differences.filter((difference) => difference.kind === kind);
    return found.length === 0 ? [] : [`${head} (${found.map(({ what }) => what.toLowerCase()).join(', ')}): ${tail}.`];
  });
  for (const { name, state, summary } of records) {
    if (summary === null) continue;
    const { measuredMs, plannedMs, trust } = summary;
    if (state !== 'finished') {
      warnings.push(
        `“${name}” did not end as planned (${state}): it measured ${timeText(measuredMs)} of ${timeText(plannedMs)}.`,
      );
    }
    if (trust.verdict !== 'trust') {
      const verdict = trust.verdict === 'doubt' ? 'is doubtful' : 'is not to be trusted';
      warnings.push(`“${name}” ${verdict}: ${trust.reason}`);
    }
  }
  const busy = records.filter(({ environment }) => environment.loadAverage > environment.cores / 2);
  for (const { name, environment } of busy) {
    warnings.push(
      `The machine was busy before “${name}” began: load average ${environment.loadAverage.toFixed(1)} on ${environment.cores} cores.`,
    );
  }
  return [...warnings, ONCE];
}

import type { ApplyResponse, ResourceVerdict } from '@meshwise/api';
import { exitCodeOf, problemLine } from '../output/problems.ts';
import { toneOf } from '../output/tone.ts';
import type { Session } from '../session.ts';
import { objectName } from './object-name.ts';
import { isLockOut, reportLockOuts } from './report-lock-outs.ts';

/** Prints an answer of apply or delete: one line per object, problems on standard error, and sets the exit code. */
export function reportOutcome(session: Session, response: ApplyResponse): void {
  for (const problem of response.problems) session.context.stderr.write(problemLine(problem, session.paintStderr));
  reportLockOuts(session, response);
  const suffix = response.dryRun ? ' (dry run)' : '';
  session.print({
    value: response,
    items: response.outcomes,
    table: () =>
      response.outcomes
        .map(({ object, outcome }) => `${objectName(object)} ${session.paint(outcome, toneOf(outcome))}${suffix}\n`)
        .join(''),
  });
  session.exitCode = exitCodeOf(response.problems);
  if (session.exitCode !== 0) session.note('Nothing was changed.');
  else reportConditions(session, response);
}

/** What does not hold of what was accepted, and of resources that the change left worse than they were. */
export function reportConditions(session: Session, { verdicts, dryRun }: ApplyResponse): void {
  for (const verdict of verdicts) {
    const conditions = verdict.conditions.filter((condition) => !isLockOut(condition));
    if (conditions.length === 0) continue;
    session.note(headOf(verdict, dryRun));
    for (const condition of conditions) {
      session.context.stderr.write(`  ${problemLine(condition, session.paintStderr)}`);
    }
  }
}

function headOf({ object, verdict }: ResourceVerdict, dryRun: boolean): string {
  const name = `${object.kind.toLowerCase()}/${object.name}`;
  const would = dryRun ? 'would be ' : '';
  return verdict === 'accepted'
    ? `${name}: ${would}accepted; worth knowing:`
    : `${name}: ${would}accepted with conditions:`;
}

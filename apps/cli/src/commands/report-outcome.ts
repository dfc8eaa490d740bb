import type { ApplyResponse } from '@meshwise/api';
import { exitCodeOf, problemLine } from '../output/problems.ts';
import { toneOf } from '../output/tone.ts';
import type { Session } from '../session.ts';
import { objectName } from './object-name.ts';

/** Prints an answer of apply or delete: one line per object, problems on standard error, and sets the exit code. */
export function reportOutcome(session: Session, response: ApplyResponse): void {
  for (const problem of response.problems) session.context.stderr.write(problemLine(problem, session.paintStderr));
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
}

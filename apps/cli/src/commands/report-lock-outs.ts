import type { ApplyResponse, Problem } from '@meshwise/api';
import { exitCodeOf } from '../output/problems.ts';
import { clean } from '../output/table.ts';
import type { Session } from '../session.ts';

/** Who cannot come any more stands before everything else, since it is what nobody may overlook. */
export function reportLockOuts(session: Session, { verdicts, dryRun, problems }: ApplyResponse): void {
  const locked = verdicts.filter(({ conditions }) => conditions.some(isLockOut));
  if (locked.length === 0 || exitCodeOf(problems) !== 0) return;
  session.note(session.paintStderr(dryRun ? 'THIS WOULD LOCK OUT:' : 'THIS LOCKS OUT:', 'bad'));
  for (const { object, conditions } of locked) {
    for (const { message } of conditions.filter(isLockOut))
      session.note(`  ${object.kind.toLowerCase()}/${object.name}: ${clean(message)}`);
  }
  session.note(
    dryRun
      ? '  See who may come now with `meshwise get access`.'
      : '  Take it back with `meshwise rollback`; see who may come with `meshwise get access`.',
  );
}

export function isLockOut({ code }: Problem): boolean {
  return code === 'MW1010';
}

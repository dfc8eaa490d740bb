import type { ApplyOutcome } from '@meshwise/api';
import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { readInputFiles } from '../input/files.ts';
import { withFiles, withNamespace, withOutput } from '../input/options.ts';
import { exitCodeOf, problemLine } from '../output/problems.ts';
import { clean } from '../output/table.ts';
import { type Paint, toneOf } from '../output/tone.ts';
import type { Session } from '../session.ts';
import { objectWithNamespace } from './object-name.ts';
import { reportLockOuts } from './report-lock-outs.ts';

interface Options {
  readonly filename?: readonly string[];
  readonly namespace: string;
}

/** What apply would change, field by field. */
export function diffCommand(session: Session): Command {
  const command = new Command('diff')
    .description('show what apply would change, field by field, without changing it')
    .action(async (options: Options) => {
      const files = await readInputFiles(options.filename ?? [], session.context.readStdin);
      const client = await session.connect();
      const response = await client.diff({ files: [...files], namespace: options.namespace });
      for (const problem of response.problems) session.context.stderr.write(problemLine(problem, session.paintStderr));
      reportLockOuts(session, response);
      const differing = response.outcomes.filter(({ outcome }) => outcome !== 'unchanged');
      session.print({
        value: response,
        items: response.outcomes,
        table: () => differing.map((outcome) => outcomeText(outcome, session.paint)).join(''),
      });
      const failed = exitCodeOf(response.problems);
      session.exitCode = failed !== 0 ? failed : differing.length > 0 ? 1 : 0;
      if (session.exitCode === 0) session.note(`No difference in ${response.outcomes.length} resources.`);
    });
  return describe(withOutput(withNamespace(withFiles(command))), {
    daemon: 'needed',
    examples: ['meshwise diff -f samples/bookinfo/manifests/', 'meshwise diff -f routes.yaml -n shop -o json'],
    exit: 'Exit code 1: something differs.',
  });
}

function outcomeText({ object, outcome, changes }: ApplyOutcome, paint: Paint): string {
  const head = `${objectWithNamespace(object)} ${paint(`would be ${outcome}`, toneOf(outcome))}\n`;
  if (outcome === 'created') return head;
  return head + (changes ?? []).map((change) => changeText(change, paint)).join('');
}

function changeText(change: { path: string; before: unknown; after: unknown }, paint: Paint): string {
  const before = change.before === null ? '' : ` ${paint(`- ${shown(change.before)}`, 'bad')}`;
  const after = change.after === null ? '' : ` ${paint(`+ ${shown(change.after)}`, 'good')}`;
  return `  ${clean(change.path)}:${before}${after}\n`;
}

function shown(value: unknown): string {
  return clean(JSON.stringify(value) ?? 'nothing');
}

import { MeshwiseError } from '@meshwise/core';
import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { withOutput } from '../input/options.ts';
import { table } from '../output/table.ts';
import { toneOf } from '../output/tone.ts';
import type { Session } from '../session.ts';
import { objectWithNamespace } from './object-name.ts';

interface Options {
  readonly list?: boolean;
  readonly to?: string;
  readonly dryRun?: boolean;
}

/** Goes back to an earlier state of what was applied and deleted. */
export function rollbackCommand(session: Session): Command {
  const command = new Command('rollback')
    .description('go back to an earlier state of the configuration (without --to: undo the last change)')
    .option('--list', 'show the revisions, newest first')
    .option('--to <revision>', 'the state after this revision; 0 is before the first')
    .option('--dry-run', 'say what would change')
    .action(async (options: Options) => {
      if (options.list === true) await list(session);
      else await goBack(session, options);
    });
  return describe(withOutput(command), {
    daemon: 'needed',
    examples: ['meshwise rollback --list', 'meshwise rollback', 'meshwise rollback --to 12 --dry-run'],
  });
}

async function list(session: Session): Promise<void> {
  const client = await session.connect();
  const { items } = await client.revisions();
  session.print({
    value: { items },
    items,
    table: () =>
      items.length === 0
        ? 'Nothing has been applied or deleted yet.\n'
        : table(
            ['REVISION', 'AT', 'WHAT', 'RESOURCES'],
            items.map(({ number, at, reason, changes }) => [number, at, reason, changes.length]),
            session.paint,
          ),
  });
}

async function goBack(session: Session, options: Options): Promise<void> {
  const to = options.to === undefined ? undefined : revisionOf(options.to);
  const client = await session.connect();
  const response = await client.rollback({
    ...(to === undefined ? {} : { to }),
    ...(options.dryRun === true ? { dryRun: true } : {}),
  });
  const suffix = response.dryRun ? ' (dry run)' : '';
  session.print({
    value: response,
    items: response.outcomes,
    table: () =>
      response.outcomes
        .map(
          ({ object, outcome }) =>
            `${objectWithNamespace(object)} ${session.paint(outcome, toneOf(outcome))}${suffix}\n`,
        )
        .join(''),
  });
  const verb = response.dryRun ? 'This would be' : 'This is';
  session.note(`${verb} the configuration after revision ${response.to}. Going back is a revision of its own.`);
}

function revisionOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new MeshwiseError('MW7001', '--to needs the number of a revision', { found: text });
}

import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { readInputFiles } from '../input/files.ts';
import { withFiles, withNamespace, withOutput } from '../input/options.ts';
import type { Session } from '../session.ts';
import { reportOutcome } from './report-outcome.ts';

interface Options {
  readonly filename?: readonly string[];
  readonly namespace: string;
  readonly dryRun?: boolean;
  readonly forceConflicts?: boolean;
  readonly fieldManager?: string;
}

/** Server-side apply, as `kubectl apply --server-side`: of one input, all or nothing. */
export function applyCommand(session: Session): Command {
  const command = new Command('apply')
    .description('create or change resources as files say (all of them, or none when one is wrong)')
    .option('--dry-run', 'do everything but store the result')
    .option('--force-conflicts', 'take over fields that another manager owns')
    .option('--field-manager <name>', 'who owns the applied fields (default: meshwise)')
    .action(async (options: Options) => {
      const files = await readInputFiles(options.filename ?? [], session.context.readStdin);
      const client = await session.connect();
      const response = await client.apply({
        files: [...files],
        namespace: options.namespace,
        ...(options.dryRun === true ? { dryRun: true } : {}),
        ...(options.forceConflicts === true ? { force: true } : {}),
        ...(options.fieldManager === undefined ? {} : { fieldManager: options.fieldManager }),
      });
      reportOutcome(session, response);
    });
  return describe(withOutput(withNamespace(withFiles(command))), {
    daemon: 'needed',
    examples: [
      'meshwise apply -f samples/bookinfo/manifests/bookinfo.yaml',
      'meshwise apply -f gateway.yaml -f routes/ -n shop --dry-run',
      'cat routes.yaml | meshwise apply -f -',
    ],
  });
}

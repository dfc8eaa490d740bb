import type { ApplyResponse, DeleteRequest } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { readInputFiles } from '../input/files.ts';
import { withFiles, withNamespace, withOutput } from '../input/options.ts';
import type { Session } from '../session.ts';
import { splitKinds } from './kinds.ts';
import { objectWithNamespace } from './object-name.ts';
import { reportOutcome } from './report-outcome.ts';

interface Options {
  readonly filename?: readonly string[];
  readonly namespace: string;
  readonly dryRun?: boolean;
  readonly ignoreNotFound?: boolean;
}

export function deleteCommand(session: Session): Command {
  const command = new Command('delete')
    .description('delete what files name, or resources by kind and name')
    .argument('[kind]', 'kind, or KIND/NAME')
    .argument('[names...]', 'names')
    .option('--dry-run', 'say what would be deleted')
    .option('--ignore-not-found', 'succeed when a resource is not there')
    .action(async (kind: string | undefined, names: readonly string[], options: Options) => {
      const request = await requestOf(session, kind, names, options);
      const client = await session.connect();
      const common = { namespace: options.namespace, ...(options.dryRun === true ? { dryRun: true } : {}) };
      const response = await client.delete({ ...request, ...common });
      reportOutcome(session, response);
      if (options.ignoreNotFound !== true) reportAbsent(session, response);
    });
  return describe(withOutput(withNamespace(withFiles(command))), {
    daemon: 'needed',
    examples: [
      'meshwise delete virtualservice reviews',
      'meshwise delete deploy/reviews-v3 -n shop',
      'meshwise delete -f samples/bookinfo/manifests/ --ignore-not-found',
    ],
    exit: 'Exit code 1: something was not there.',
  });
}

async function requestOf(
  session: Session,
  kind: string | undefined,
  names: readonly string[],
  options: Options,
): Promise<DeleteRequest> {
  if (options.filename !== undefined) {
    if (kind !== undefined) throw new MeshwiseError('MW7001', 'give files with -f, or a kind and names, not both');
    return { files: [...(await readInputFiles(options.filename, session.context.readStdin))] };
  }
  if (kind === undefined) throw new MeshwiseError('MW7001', 'say what to delete: -f FILE, or KIND NAME…');
  const slash = kind.indexOf('/');
  const named =
    slash === -1 ? { kind, names } : { kind: kind.slice(0, slash), names: [kind.slice(slash + 1), ...names] };
  // Never by kind alone: a slip must not empty a namespace.
  if (named.names.length === 0 || named.names.includes('')) {
    throw new MeshwiseError('MW7001', `name the ${named.kind} to delete`);
  }
  if (splitKinds(named.kind).length !== 1) throw new MeshwiseError('MW7001', 'delete takes one kind at a time');
  return { kind: named.kind, names: [...named.names] };
}

function reportAbsent(session: Session, response: ApplyResponse): void {
  const absent = response.outcomes.filter(({ outcome }) => outcome === 'absent');
  if (absent.length === 0) return;
  session.note(`Not found: ${absent.map(({ object }) => objectWithNamespace(object)).join(', ')}.`);
  if (session.exitCode === 0) session.exitCode = 1;
}

import { MeshwiseError } from '@meshwise/core';
import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { withResults } from '../perf/results.ts';
import type { Session } from '../session.ts';

export function perfDeleteCommand(session: Session): Command {
  const command = new Command('delete')
    .description('delete results for good; a comparison goes with its blocks')
    .argument('<id...>', 'results')
    .action((ids: readonly string[]) => perfDelete(session, ids));
  return describe(command, { daemon: 'unused', examples: ['meshwise perf delete 20261121-142233-k3f9'] });
}

async function perfDelete(session: Session, ids: readonly string[]): Promise<void> {
  await withResults(session.context, async (results) => {
    for (const id of ids) {
      const state = (await results.getRun(id))?.state ?? (await results.getExperiment(id))?.state;
      if (state === 'running') throw new MeshwiseError('MW7001', `${id} is running; stop it first`, { found: id });
      const done = (await results.deleteRun(id)) || (await results.deleteExperiment(id));
      if (!done) throw new MeshwiseError('MW8101', `there is no result ${id}`, { found: id });
      session.note(`${id} deleted`);
    }
  });
}

import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { withOutput } from '../input/options.ts';
import { interruptions } from '../lifecycle/interruptions.ts';
import { assertPurgeable, purge } from '../lifecycle/purge.ts';
import { stopMesh } from '../lifecycle/stop-mesh.ts';
import type { Session } from '../session.ts';
import { stateDirectory } from '../state-directory.ts';

export function downCommand(session: Session): Command {
  const command = new Command('down')
    .description('stop the daemon and everything it started, also after a crash; resources and identities stay')
    .option('--purge', 'then remove the state directory: resources, identities, logs')
    .action((options: { purge?: boolean }) => down(session, options.purge ?? false));
  return describe(withOutput(command), { daemon: 'optional', examples: ['meshwise down', 'meshwise down --purge'] });
}

async function down(session: Session, wantsPurge: boolean): Promise<void> {
  const { context } = session;
  const state = stateDirectory(context.env);
  if (wantsPurge) await assertPurgeable(state);
  // A second Ctrl-C during `down` ends everything at once; the first lets it finish, since half a `down` helps nobody.
  const stops = interruptions(context);
  try {
    const result = await session.progress.step('Stop', (report) =>
      stopMesh(context, state, { report, force: stops.force }),
    );
    const purged = wantsPurge && (await purge(state));
    const text = result.daemon || result.stopped > 0 ? 'Stopped.' : 'Nothing was running.';
    session.print({
      value: { ...result, purged },
      table: () => `${text}${purged ? ` Removed ${state.path}.` : ''}\n`,
    });
  } finally {
    stops.off();
  }
}

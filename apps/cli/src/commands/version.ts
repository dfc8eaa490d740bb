import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { withOutput } from '../input/options.ts';
import type { Session } from '../session.ts';
import { VERSION } from '../version.ts';

export function versionCommand(session: Session): Command {
  const command = new Command('version')
    .description('print the version of Meshwise, of its Node.js, and of a daemon that runs')
    .action(async () => {
      const daemon = await daemonVersion(session);
      const value = { meshwise: VERSION, node: process.versions.node, daemon };
      session.print({
        value,
        table: () => `meshwise ${VERSION}\nnode ${process.versions.node}\ndaemon ${daemon ?? 'not running'}\n`,
      });
    });
  return describe(withOutput(command), {
    daemon: 'optional',
    examples: ['meshwise version', 'meshwise version -o json'],
  });
}

const TIMEOUT_MS = 2_000;

async function daemonVersion(session: Session): Promise<string | null> {
  try {
    return (await (await session.connect()).status({ timeoutMs: TIMEOUT_MS })).version;
  } catch {
    return null;
  }
}

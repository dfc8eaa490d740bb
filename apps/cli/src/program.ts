import { Command } from 'commander';
import { daemonSummary, leaves } from './command-help.ts';
import { applyCommand } from './commands/apply.ts';
import { completionCommand } from './commands/completion.ts';
import { deleteCommand } from './commands/delete.ts';
import { diffCommand } from './commands/diff.ts';
import { doctorCommand } from './commands/doctor.ts';
import { downCommand } from './commands/down.ts';
import { getCommand } from './commands/get.ts';
import { identityCommand } from './commands/identity.ts';
import { injectCommand } from './commands/inject.ts';
import { logsCommand } from './commands/logs.ts';
import { perfCommand } from './commands/perf.ts';
import { proxyCommand } from './commands/proxy.ts';
import { rollbackCommand } from './commands/rollback.ts';
import { shiftCommand } from './commands/shift.ts';
import { statusCommand } from './commands/status.ts';
import { tapCommand } from './commands/tap.ts';
import { uiCommand } from './commands/ui.ts';
import { upCommand } from './commands/up.ts';
import { versionCommand } from './commands/version.ts';
import type { Format } from './output/formats.ts';
import type { Session } from './session.ts';
import { VERSION } from './version.ts';

const EXIT_CODES = `Exit codes: 0 done; 1 the answer is no; 2 wrong usage or bad input; 3 could not.`;
const VARIABLES = `Variables: MESHWISE_HOME (state directory, default ~/.meshwise), MESHWISE_ENVOY (an Envoy of your own),
MESHWISE_WORKLOAD_LIFETIME (life of workloads' certificates, default 24h), MESHWISE_DEBUG=1 (stack traces), NO_COLOR.`;

/** The tree of all commands. */
export function buildProgram(session: Session): Command {
  const program = new Command('meshwise')
    .description('The management plane above any service mesh, with a real mesh of its own on one machine.')
    .version(VERSION, '-V, --version', 'print the version')
    .option('--no-color', 'no colours')
    .commandsGroup('The mesh:')
    .addCommand(upCommand(session))
    .addCommand(downCommand(session))
    .addCommand(statusCommand(session))
    .addCommand(uiCommand(session))
    .addCommand(doctorCommand(session))
    .commandsGroup('Resources:')
    .addCommand(applyCommand(session))
    .addCommand(getCommand(session))
    .addCommand(deleteCommand(session))
    .addCommand(diffCommand(session))
    .addCommand(rollbackCommand(session))
    .addCommand(shiftCommand(session))
    .addCommand(logsCommand(session))
    .addCommand(injectCommand(session))
    .commandsGroup('The data plane:')
    .addCommand(proxyCommand(session))
    .addCommand(tapCommand(session))
    .addCommand(identityCommand(session))
    .commandsGroup('Measuring:')
    .addCommand(perfCommand(session))
    .commandsGroup('This program:')
    .addCommand(completionCommand(session))
    .addCommand(versionCommand(session));
  program.addHelpText('after', () => {
    const example = 'Example:\n  $ meshwise up --sample bookinfo';
    return `\n${example}\n\n${daemonSummary(program)}\n${EXIT_CODES}\n${VARIABLES}`;
  });
  configure(program, session);
  return program;
}

/** Makes every command throw instead of ending the process, and tell the session what all commands have in common. */
function configure(program: Command, session: Session): void {
  const { stdout, stderr } = session.context;
  for (const command of [program, ...program.commands, ...[...leaves(program)].map((leaf) => leaf.command)]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      // Errors are printed once, in the form of all errors, by who runs the program.
      outputError: () => {},
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  }
  program.hook('preAction', (_, command) => {
    const { output, color } = command.optsWithGlobals<{ output?: string; color?: boolean }>();
    session.format = formatOf(output);
    session.color = color !== false;
  });
}

/** `wide` and `name` are tables of a kind. */
function formatOf(output: string | undefined): Format {
  return output === 'json' || output === 'yaml' || output === 'ndjson' ? output : 'table';
}

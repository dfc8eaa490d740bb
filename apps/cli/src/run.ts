import { MeshwiseError } from '@meshwise/core';
import { CommanderError } from 'commander';
import type { CliContext } from './context.ts';
import { errorText } from './output/errors.ts';
import { buildProgram } from './program.ts';
import { Session } from './session.ts';

/** Runs one command line (without node and program) and gives its exit code. Never throws. */
export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const session = new Session(context);
  try {
    await buildProgram(session).parseAsync([...args], { from: 'user' });
    return session.exitCode;
  } catch (reason) {
    if (reason instanceof CommanderError) {
      // Help and version that were asked for.
      if (reason.exitCode === 0) return 0;
      // A command without its subcommand: commander has printed the help.
      if (reason.code === 'commander.help') return 2;
    }
    const error = reason instanceof CommanderError ? usageError(reason) : MeshwiseError.from(reason);
    const debug = !['', '0'].includes(context.env['MESHWISE_DEBUG'] ?? '');
    context.stderr.write(errorText(error, { format: session.format, paint: session.paintStderr, debug }));
    return error.exitCode;
  }
}

/** Commander puts `error: ` before and the suggestion on a line of its own. */
function usageError(error: CommanderError): MeshwiseError {
  const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  return new MeshwiseError('MW7001', message, {}, { cause: error });
}

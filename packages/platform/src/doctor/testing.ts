import type { CommandResult, RunCommand } from '../setup/run-command.ts';
import type { Check, Finding } from './check.ts';
import type { SandboxProbe } from './sandbox-probe.ts';

/** What a check finds, without the machinery around it. */
export async function findingOf(check: Check): Promise<Finding> {
  return check.run(new AbortController().signal);
}

/** A machine that has exactly these commands; a text is what the command prints. */
export function commands(answers: Readonly<Record<string, string | CommandResult>>): RunCommand {
  return async (file, args) => {
    const answer = answers[[file, ...args].join(' ')] ?? { status: 'missing' };
    return typeof answer === 'string' ? { status: 'exited', exitCode: 0, stdout: answer, stderr: '' } : answer;
  };
}

export const exits = (exitCode: number, stderr = ''): CommandResult => ({
  status: 'exited',
  exitCode,
  stdout: '',
  stderr,
});

/** A probe in which everything works but what is given. */
export function probeWith(trials: Partial<SandboxProbe> = {}) {
  const all: SandboxProbe = { userNamespace: true, networkNamespace: true, redirect: true, mounts: true, ...trials };
  return async () => all;
}

import type { CommandOptions, RunCommand } from './run-command.ts';

/** A Python 3, by the name under which it was found. */
export interface Python {
  readonly command: string;
  readonly version: string;
}

/** pip as a command with its first arguments: Debian splits pip from Python, other systems have only `pip3`. */
export interface Pip {
  readonly command: string;
  readonly args: readonly string[];
  readonly version: string;
}

export async function findPython(run: RunCommand, options: CommandOptions): Promise<Python | undefined> {
  for (const command of ['python3', 'python']) {
    const result = await run(command, ['--version'], options);
    if (result.status !== 'exited' || result.exitCode !== 0) continue;
    const version = /^Python (3\.\S+)/m.exec(`${result.stdout}\n${result.stderr}`)?.[1];
    if (version !== undefined) return { command, version };
  }
  return undefined;
}

export async function findPip(python: Python, run: RunCommand, options: CommandOptions): Promise<Pip | undefined> {
  const candidates = [
    { command: python.command, args: ['-m', 'pip'] },
    { command: 'pip3', args: [] },
    { command: 'pip', args: [] },
  ];
  for (const { command, args } of candidates) {
    const result = await run(command, [...args, '--version'], options);
    if (result.status !== 'exited' || result.exitCode !== 0) continue;
    const version = /^pip (\S+) .*\(python 3/m.exec(result.stdout)?.[1];
    if (version !== undefined) return { command, args, version };
  }
  return undefined;
}

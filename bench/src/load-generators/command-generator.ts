import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pinned } from '../processes/line-process.ts';
import { GENERATOR_CORE, type Generator, type LoadTask, type Report } from './generator.ts';

/** A generator that is a program: how it is told, and how what it says is read. */
export interface Command {
  readonly name: string;
  readonly path: string;
  /** Arguments for a task; `directory` is its own, for files. */
  arguments(task: LoadTask, directory: string): Promise<readonly string[]> | readonly string[];
  report(output: string, task: LoadTask, directory: string): Promise<Report> | Report;
}

/** Runs a peer as a user would, on the core of generators. */
export function commandGenerator(command: Command): Generator {
  return {
    name: command.name,
    warmsUp: false,
    async start(task) {
      const directory = await mkdtemp(join(tmpdir(), 'mw-bench-peer-'));
      const argv = [command.path, ...(await command.arguments(task, directory))];
      const [program = '', ...args] = pinned(argv, GENERATOR_CORE);
      const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: directory });
      const output: string[] = [];
      let complaints = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        complaints = (complaints + text).slice(-1_000);
      });
      const ended = new Promise<void>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code) =>
          code === 0 ? resolve() : reject(new Error(`${command.name} ended with ${code}: ${complaints}`)),
        );
      });
      const done = ended
        .then(() => command.report(output.join(''), task, directory))
        .finally(() => rm(directory, { recursive: true, force: true }));
      // Whoever waits for it sees it.
      done.catch(() => {});
      return { pid: child.pid ?? 0, done, kill: () => child.kill('SIGKILL') };
    },
  };
}

import { stat } from 'node:fs/promises';
import { type RunCommand, runCommand } from '../setup/run-command.ts';

/** The first names the protocol and the layout of the memory that two would share, the second what was built from what. */
const QUESTIONS = ['--hot-restart-version', '--version'] as const;

/**
 * Whether two Envoys can hand over to each other. One that finds another hot-restart version than its own refuses to start;
 * the same version is not enough: 1.39 and 1.40 agree in it, yet a 1.39 does not give a 1.40 the sockets that it has in other
 * network namespaces, and connections that still reached them waited for eight seconds in a queue that nobody emptied.
 */
export class HotRestartVersions {
  readonly #run: RunCommand;
  /** By device, number and time of the file: a program that is replaced keeps its path. */
  readonly #known = new Map<string, Promise<string | undefined>>();

  constructor(run: RunCommand = runCommand) {
    this.#run = run;
  }

  /** False also when one of the two does not say. */
  async agree(one: string, other: string): Promise<boolean> {
    const [first, second] = await Promise.all([one, other].map(identityOf));
    if (first === undefined || second === undefined) return false;
    if (first === second) return true;
    const version = await this.#versionOf(one, first);
    return version !== undefined && version === (await this.#versionOf(other, second));
  }

  #versionOf(path: string, identity: string): Promise<string | undefined> {
    const known = this.#known.get(identity);
    if (known !== undefined) return known;
    const asked = this.#ask(path);
    this.#known.set(identity, asked);
    return asked;
  }

  async #ask(path: string): Promise<string | undefined> {
    const results = await Promise.all(QUESTIONS.map((question) => this.#run(path, [question])));
    const answers = results.map((result) =>
      result.status === 'exited' && result.exitCode === 0 ? withoutName(result.stdout + result.stderr) : '',
    );
    return answers.includes('') ? undefined : answers.join(' ');
  }
}

/** Envoy puts the name by which it was called before its version, and says the one of hot restart on standard error. */
function withoutName(output: string): string {
  return output.trim().replace(/^.*\bversion: /, '');
}

/** The program that a process runs, also when its file is gone (proc_pid_exe(5)). */
export function programOf(pid: number): string {
  return `/proc/${pid}/exe`;
}

async function identityOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found === undefined ? undefined : `${found.dev}:${found.ino}:${found.mtimeNs}`;
}

import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The launcher that the platform makes namespaces with. Run as a program, as the platform does; nothing of that package
 * is imported.
 */
const LAUNCHER = fileURLToPath(new URL('../../../../platform/launcher/sandbox.py', import.meta.url));
const PYTHON = 'python3';
const POD_RANGE = '10.244.0.0/16';
const SERVICE_RANGE = '10.96.0.0/12';
const REDIRECT_PORT = 15_001;

/** Whether this machine and user can have the namespaces; tests that need them are skipped by name otherwise. */
export function canMakeNamespaces(): boolean {
  if (process.getuid?.() !== 0 || !existsSync(LAUNCHER)) return false;
  try {
    const answer = execFileSync(PYTHON, ['-B', LAUNCHER, 'probe'], { encoding: 'utf8', timeout: 20_000 });
    const found = JSON.parse(answer) as Readonly<Record<string, unknown>>;
    return found['networkNamespace'] === true && found['redirect'] === true;
  } catch {
    return false;
  }
}

/** One network namespace for the proxies, where all pod addresses are local, and one for each pod. */
export class Namespaces {
  readonly #directory: string;
  readonly #anchor: ChildProcess;
  readonly #programs: ChildProcess[] = [];

  private constructor(directory: string, anchor: ChildProcess) {
    this.#directory = directory;
    this.#anchor = anchor;
  }

  static async make(directory: string): Promise<Namespaces> {
    const anchor = launch('mesh', { routes: [POD_RANGE], runDirectory: directory });
    await firstLine(anchor);
    return new Namespaces(directory, anchor);
  }

  /** The path of a new pod's network namespace, as processes inside the mesh see it. */
  async addPod(name: string, ...moreRoutes: readonly string[]): Promise<string> {
    const netns = join(this.#directory, 'netns', name);
    const routes = [SERVICE_RANGE, POD_RANGE, ...moreRoutes];
    const spec = { anchorPid: this.#anchor.pid, netns, routes, redirectPort: REDIRECT_PORT };
    await run(PYTHON, ['-B', LAUNCHER, 'pod', JSON.stringify(spec)]);
    return netns;
  }

  /** Answers for names of this machine, inside. */
  async answerNames(address: string, port: number): Promise<void> {
    const spec = { anchorPid: this.#anchor.pid, address, port, meshDomain: 'cluster.local' };
    const answering = launch('names', spec);
    this.#programs.push(answering);
    await firstLine(answering);
  }

  /** What precedes a program and its arguments on a command line to run it beside the proxies. */
  proxyCommand(argv: readonly string[]): readonly string[] {
    return [PYTHON, '-B', LAUNCHER, 'run', JSON.stringify(this.#spec(argv))];
  }

  /** Starts a Node program in a pod, or beside the proxies, and waits for its first line. */
  async startProgram(netns: string | undefined, source: string): Promise<void> {
    const program = launch('run', this.#spec([process.execPath, '-e', source], netns));
    this.#programs.push(program);
    await firstLine(program);
  }

  /** Runs a Node program in a pod to its end; what it prints, as JSON. */
  async ask(netns: string, source: string): Promise<unknown> {
    const spec = this.#spec([process.execPath, '-e', source], netns);
    const { stdout } = await run(PYTHON, ['-B', LAUNCHER, 'run', JSON.stringify(spec)], { timeout: 20_000 });
    return JSON.parse(stdout);
  }

  /** The same beside the proxies. */
  async askInMesh(source: string): Promise<unknown> {
    const spec = this.#spec([process.execPath, '-e', source]);
    const { stdout } = await run(PYTHON, ['-B', LAUNCHER, 'run', JSON.stringify(spec)], { timeout: 20_000 });
    return JSON.parse(stdout);
  }

  stop(): void {
    for (const program of [...this.#programs, this.#anchor]) program.kill('SIGKILL');
  }

  #spec(argv: readonly string[], netns?: string) {
    return { anchorPid: this.#anchor.pid, netns, argv, env: {}, mounts: [], masked: [], cwd: '/' };
  }
}

function launch(command: string, spec: unknown): ChildProcess {
  return spawn(PYTHON, ['-B', LAUNCHER, command, JSON.stringify(spec)], { stdio: ['ignore', 'pipe', 'pipe'] });
}

function firstLine(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.stdout?.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${errors}`)));
  });
}

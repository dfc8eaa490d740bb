import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export interface LineProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Runs on these cores only (taskset). */
  readonly cores?: string | undefined;
}

const STOP_MS = 5_000;

/**
 * A part of a bench in a process of its own, told what to do by lines of JSON. What is measured never shares a process
 * with what measures. `Answer` is what the program says; it is trusted, being ours.
 */
export class LineProcess<Answer extends { readonly kind: string }> {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting: {
    readonly kind: string;
    readonly take: (answer: Answer) => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  readonly #arrived: Answer[] = [];
  readonly #exited: Promise<void>;
  #end: Error | undefined;

  constructor(argv: readonly string[], options: LineProcessOptions = {}) {
    const [program = '', ...args] = pinned(argv, options.cores);
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...options.env } });
    createInterface(this.#child.stdout).on('line', (line) => this.#arrive(JSON.parse(line) as Answer));
    this.#child.stdin.on('error', () => {});
    this.#exited = new Promise((resolve) => {
      this.#child.once('error', (error) => this.#close(error));
      this.#child.once('exit', (code, signal) => {
        this.#close(new Error(`${argv.join(' ')} ended (${signal ?? code})`));
        resolve();
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  send(message: { readonly kind: string } & Readonly<Record<string, unknown>>): void {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  /** The next answer of this kind; others before it wait for whoever asks for them. */
  next<Kind extends Answer['kind']>(kind: Kind): Promise<Extract<Answer, { readonly kind: Kind }>> {
    return new Promise((resolve, reject) => {
      const take = (answer: Answer) => resolve(answer as Extract<Answer, { readonly kind: Kind }>);
      const index = this.#arrived.findIndex((answer) => answer.kind === kind);
      const [found] = index === -1 ? [] : this.#arrived.splice(index, 1);
      if (found !== undefined) take(found);
      else if (this.#end !== undefined) reject(this.#end);
      else this.#waiting.push({ kind, take, fail: reject });
    });
  }

  /** The end of its input ends the program, which may have a profile to write; one that does not end is killed. */
  async stop(): Promise<void> {
    this.#child.stdin.end();
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    await this.#exited;
    clearTimeout(kill);
  }

  #arrive(answer: Answer): void {
    const index = this.#waiting.findIndex(({ kind }) => kind === answer.kind);
    const [waiting] = index === -1 ? [] : this.#waiting.splice(index, 1);
    if (waiting === undefined) this.#arrived.push(answer);
    else waiting.take(answer);
  }

  #close(error: Error): void {
    this.#end = error;
    for (const { fail } of this.#waiting.splice(0)) fail(error);
  }
}

export function pinned(argv: readonly string[], cores: string | undefined): readonly string[] {
  return cores === undefined ? argv : ['taskset', '-c', cores, ...argv];
}

/** The reading side within such a program. */
export function onLines<Command>(handle: (command: Command) => Promise<void> | void): void {
  let turn: Promise<void> = Promise.resolve();
  createInterface(process.stdin).on('line', (line) => {
    turn = turn
      .then(() => handle(JSON.parse(line) as Command))
      .catch((error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        process.exit(1);
      });
  });
  process.stdin.once('end', () => process.exit(0));
}

export function say(answer: { readonly kind: string } & Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

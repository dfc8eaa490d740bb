import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The programs of one cluster, with a log each; started in order and ended in reverse. */
export class Processes {
  readonly #directory: string;
  readonly #running: { readonly name: string; readonly child: ChildProcess }[] = [];

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Starts a program and waits until `isReady`; its pid. */
  async start(options: {
    readonly name: string;
    readonly command: string;
    readonly args: readonly string[];
    readonly env?: NodeJS.ProcessEnv;
    readonly cwd?: string;
    readonly isReady: () => Promise<boolean>;
  }): Promise<number> {
    const { name } = options;
    const log = openSync(this.logPath(name), 'a');
    const child = spawn(options.command, [...options.args], {
      cwd: options.cwd ?? this.#directory,
      env: options.env ?? process.env,
      stdio: ['ignore', log, log],
    });
    child.once('error', () => {});
    this.#running.push({ name, child });
    await waitUntil(async () => {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`${name} ended (${child.exitCode ?? child.signalCode}): ${this.lastWords(name)}`);
      }
      return options.isReady();
    }, `${name} to be ready`);
    return child.pid ?? 0;
  }

  logPath(name: string): string {
    return join(this.#directory, `${name}.log`);
  }

  lastWords(name: string): string {
    return readFileSync(this.logPath(name), 'utf8').slice(-2000);
  }

  /** Ends all; a program that does not end within seconds is killed. */
  async stop(): Promise<void> {
    for (const { child } of this.#running.splice(0).reverse()) {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) continue;
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(kill);
    }
  }
}

const STOP_MS = 3000;
const WAIT_MS = 120_000;

/** Asks until the answer is yes. What a question throws ends the waiting. */
export async function waitUntil(question: () => Promise<boolean>, what: string, timeoutMs = WAIT_MS): Promise<void> {
  const endMs = Date.now() + timeoutMs;
  while (!(await question())) {
    if (Date.now() > endMs) throw new Error(`waited ${timeoutMs / 1000} s for ${what}`);
    await sleep(20);
  }
}

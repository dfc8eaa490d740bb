import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Clock, systemClock } from '@meshwise/core';
import { onTestFinished } from 'vitest';
import type { CliContext, StopSignal } from '../context.ts';
import { loadPlatform, type Platform } from '../platform.ts';
import { run } from '../run.ts';
import { type ContractServer, contractServer, type Handlers, TOKEN } from './contract-server.ts';
import { NOW } from './fixtures.ts';

export interface Transcript {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A state directory with, unless told otherwise, a daemon that speaks the contract; and command lines run in it. */
export interface Bench {
  readonly home: string;
  readonly server: ContractServer | undefined;
  readonly context: CliContext;
  /** Runs a command line, words separated by blanks. */
  meshwise(line: string): Promise<Transcript>;
  /** Starts one and does not wait. */
  start(line: string): {
    readonly done: Promise<Transcript>;
    readonly stdout: () => string;
    readonly stderr: () => string;
  };
  signal(signal: StopSignal): void;
}

export interface BenchOptions {
  readonly handlers?: Handlers;
  /** No daemon.json and no server. */
  readonly daemon?: false;
  readonly stdin?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly isTTY?: boolean;
  /** Of the terminal. */
  readonly columns?: number;
  /** In place of what the real platform does. */
  readonly platform?: Partial<Platform>;
  readonly clock?: Clock;
}

/** Writes nowhere and has no daemon: for looking at commands without running them. */
export const idleContext: CliContext = {
  env: {},
  stdout: { write: () => {}, isTTY: false },
  stderr: { write: () => {}, isTTY: false },
  readStdin: async () => '',
  clock: systemClock,
  onSignal: () => () => {},
  platform: loadPlatform,
  daemonProgram: '',
  samplesDirectory: '',
};

const WORDS = /\s+/;

/** Time stands at NOW for ages; waiting is real. */
const fixedClock: Clock = { ...systemClock, nowMs: () => NOW };

export async function bench(options: BenchOptions = {}): Promise<Bench> {
  const home = await mkdtemp(join(tmpdir(), 'meshwise-cli-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  let server: ContractServer | undefined;
  if (options.daemon !== false) {
    server = await contractServer(options.handlers ?? {});
    const started = server;
    onTestFinished(() => started.close());
    await writeState(home, server.api);
  }
  const listeners = new Set<(signal: StopSignal) => void>();
  const contextFor = (stdout: string[], stderr: string[]): CliContext => ({
    env: { PATH: process.env['PATH'], MESHWISE_HOME: home, ...options.env },
    stdout: { write: (text) => void stdout.push(text), isTTY: options.isTTY ?? false, columns: options.columns },
    stderr: { write: (text) => void stderr.push(text), isTTY: options.isTTY ?? false },
    readStdin: async () => options.stdin ?? '',
    clock: options.clock ?? fixedClock,
    onSignal: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    platform: async () => ({ ...(await loadPlatform()), ...options.platform }),
    daemonProgram: fileURLToPath(new URL('./daemon-program.ts', import.meta.url)),
    samplesDirectory: fileURLToPath(new URL('../../../../samples', import.meta.url)),
  });
  const start = (line: string) => {
    const stdout: string[] = [];
    const stderr: string[] = [];
    const args = line === '' ? [] : line.split(WORDS);
    const done = run(args, contextFor(stdout, stderr)).then((code) => ({
      code,
      stdout: stdout.join(''),
      stderr: stderr.join(''),
    }));
    return { done, stdout: () => stdout.join(''), stderr: () => stderr.join('') };
  };
  return {
    home,
    server,
    context: contextFor([], []),
    start,
    meshwise: (line) => start(line).done,
    signal: (signal) => {
      for (const listener of listeners) listener(signal);
    },
  };
}

/** What a daemon leaves for the CLI; its pid is this process, which lives. */
export async function writeState(home: string, api: string): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const record = { pid: process.pid, startTicks: 1, api, startedAt: '2026-01-02T11:00:00.000Z' };
  await writeFile(join(home, 'daemon.json'), JSON.stringify(record), { mode: 0o600 });
  await writeFile(join(home, 'token'), `${TOKEN}\n`, { mode: 0o600 });
}

/** Waits for something that comes about by itself. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (await condition()) return;
    await systemClock.sleep(25);
  }
  throw new Error('it did not come about');
}

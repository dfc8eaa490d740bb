import type { Clock } from '@meshwise/core';
import type { Progress } from './lifecycle/progress.ts';
import type { Platform } from './platform.ts';

/** Where text goes: standard output or error, or a test's memory. */
export interface TextSink {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Of a terminal: how wide it is. */
  readonly columns?: number | undefined;
}

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Everything of the machine that commands use, so that a test runs the whole CLI in its own process. */
export interface CliContext {
  readonly env: NodeJS.ProcessEnv;
  /** Results, and nothing else. */
  readonly stdout: TextSink;
  /** Progress, remarks and errors. */
  readonly stderr: TextSink;
  /** How steps are shown on a terminal; undefined where standard error is none. */
  readonly progress?: Progress | undefined;
  readonly readStdin: () => Promise<string>;
  readonly clock: Clock;
  /** Calls back at each SIGINT, SIGTERM and SIGHUP in place of their usual effect; the returned function ends that. */
  readonly onSignal: (listener: (signal: StopSignal) => void) => () => void;
  /** Loaded when a command needs it: most commands only speak to the daemon. */
  readonly platform: () => Promise<Platform>;
  /** Program of the daemon, TypeScript or JavaScript. */
  readonly daemonProgram: string;
  /** Directory with one folder for each sample. */
  readonly samplesDirectory: string;
}

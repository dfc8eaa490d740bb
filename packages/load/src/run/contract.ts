import type { Interval } from '../result/interval.ts';

/**
 * How one worker process is spoken to: JSON lines on its standard input and output. It ends when its input is closed, so that
 * no load goes on without anybody who wants it. A worker serves any number of runs, one after the other.
 */
export type ToWorker =
  | { readonly type: 'run'; readonly plan: unknown; readonly shard: Shard }
  /**
   * Sent when every worker is ready. The warm-up begins at `atNs` of the machine's monotonic clock, so that no pipe's delay
   * comes between the workers.
   */
  | { readonly type: 'start'; readonly atNs: number }
  | { readonly type: 'stop' };

export type FromWorker =
  /** Connections are open (or were tried); the worker waits for `start`. */
  | { readonly type: 'ready'; readonly clockResolutionNs: number }
  /** About once a second, and once at the end. */
  | { readonly type: 'interval'; readonly interval: Interval }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly error: unknown };

/** A worker's part of the plan: every `count`-th request from the `index`-th on, and its share of the connections. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** A process that runs `program` with Node, wherever it was put. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  write(line: string): void;
  onLine(listener: (line: string) => void): void;
  /** Of standard error, which belongs into the reason when a worker ends badly. */
  readonly stderrTail: () => string;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  kill(): void;
}

/** Starts a worker; the default is a child process on this machine, a mesh puts it into a workload's network. */
export type LaunchWorker = (program: { readonly argv: readonly string[] }) => Promise<WorkerProcess>;

/** `stopped` by a person, `aborted` by the plan's criteria, `lost` when a worker ended before its time. */
export interface LoadOutcome {
  readonly outcome: 'completed' | 'stopped' | 'aborted' | 'lost' | 'failed';
  /** Null when completed. */
  readonly reason: string | null;
  readonly clockResolutionNs: number;
  readonly workers: number;
}

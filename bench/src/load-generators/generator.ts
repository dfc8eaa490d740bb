/** What a generator is asked for. Without a rate each connection sends its next request after the last answer. */
export interface LoadTask {
  readonly url: string;
  readonly connections: number;
  readonly rps: number | null;
  /** Load before the measured time, for those that have such a thing; the others begin with the measured time. */
  readonly warmUpMs: number;
  readonly durationMs: number;
}

/** NaN for what a generator does not say. */
export interface Quantiles {
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
}

/** What a generator says of itself at its end. */
export interface Report {
  readonly rps: number;
  readonly latency: Quantiles;
  /** Only ours tells apart how late it was, and how long the server took. */
  readonly lag?: Quantiles;
  readonly service?: Quantiles;
}

export interface RunningGenerator {
  readonly pid: number;
  readonly done: Promise<Report>;
  kill(): void;
}

/** A load generator on the core that is kept for generators. */
export interface Generator {
  readonly name: string;
  /** Whether the warm-up of a task is made, and left out of what is reported. */
  readonly warmsUp: boolean;
  start(task: LoadTask): Promise<RunningGenerator>;
}

/** Server and generator do not share a core. */
export const SERVER_CORE = '0';
export const GENERATOR_CORE = '1';

export const UNKNOWN: Quantiles = { p50Ms: Number.NaN, p90Ms: Number.NaN, p99Ms: Number.NaN, p999Ms: Number.NaN };

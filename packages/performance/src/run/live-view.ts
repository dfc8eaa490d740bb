import {
  distributionOf,
  Histogram,
  type Interval,
  type LoadPlan,
  plannedMs,
  rateAt,
  type SecondView,
  secondsOf,
} from '@meshwise/load';
import type { LiveRun } from '../record/live.ts';

const SHOWN_SECONDS = 120;
/** Intervals end about at the second. */
const WHOLE_MS = 900;
type Phase = LiveRun['phase'];

export interface LiveViewOptions {
  readonly id: string;
  readonly name: string;
  /** What is done in an experiment, null for a run. */
  readonly step: string | null;
  /** Undefined as long as there is nothing to run. */
  readonly plan?: LoadPlan;
}

/** One second of all workers, with what it looks like as soon as somebody has asked. */
interface Second {
  readonly intervals: Interval[];
  view: SecondView | undefined;
}

/**
 * A run as it is seen while it goes on. Each interval is added once, to histograms and sums since the start; only the seconds that
 * changed are worked out again.
 */
export class LiveView {
  readonly #options: LiveViewOptions;
  readonly #seconds = new Map<number, Second>();
  readonly #service = new Histogram();
  readonly #response = new Histogram();
  readonly #lag = new Histogram();
  readonly #errors = new Map<string, { count: number; sample: string | null }>();
  readonly #sum = { completed: 0, failed: 0, dropped: 0 };
  #phase: Phase = 'preparing';
  #startedMs: number | undefined;
  #newest = -1;

  constructor(options: LiveViewOptions) {
    this.#options = options;
  }

  /** Time is that of the monotonic clock. */
  enter(phase: Phase, nowMs: number): void {
    this.#phase = phase;
    if (phase === 'preparing') return;
    this.#startedMs ??= nowMs;
  }

  add(intervals: readonly Interval[]): void {
    for (const interval of intervals) if (interval.second >= 0) this.#addInterval(interval);
  }

  snapshot(nowMs: number): LiveRun {
    const { id, name, step, plan } = this.#options;
    const elapsedMs = this.#startedMs === undefined ? 0 : nowMs - this.#startedMs;
    const plannedInAllMs = plan === undefined ? 0 : plan.warmUpMs + plannedMs(plan);
    const whole = this.#lastWholeSecond();
    const last = this.#viewOf(whole);
    const newest = this.#viewOf(this.#newest);
    return {
      id,
      name,
      step,
      phase: this.#phase === 'measuring' && elapsedMs > plannedInAllMs ? 'ending' : this.#phase,
      elapsedMs,
      remainingMs: Math.max(0, plannedInAllMs - elapsedMs),
      // In the middle of that second.
      requestedRps: plan === undefined ? null : rateAt(plan, Math.max(0, whole) * 1_000 + 500),
      achievedRps: last?.completed ?? 0,
      ...this.#sum,
      inFlight: newest?.inFlight ?? 0,
      backlog: newest?.backlog ?? 0,
      service: distributionOf(this.#service),
      response: distributionOf(this.#response),
      lag: distributionOf(this.#lag),
      errors: [...this.#errors].map(([kind, error]) => ({ kind, ...error })),
      generatorCores: last?.generatorCores ?? 0,
      loopDelayMaxMs: (this.#seconds.get(this.#newest)?.intervals ?? []).reduce(
        (most, { generator }) => Math.max(most, generator.loopDelayMaxMs),
        0,
      ),
      seconds: [...this.#seconds.keys()].sort((a, b) => a - b).flatMap((second) => this.#viewOf(second) ?? []),
    };
  }

  /** The last of which every worker has told, and not of a part of it. None is below zero. */
  #lastWholeSecond(): number {
    const workers = this.#options.plan?.workers ?? 1;
    for (let second = this.#newest; second > this.#newest - SHOWN_SECONDS; second -= 1) {
      const told = this.#seconds.get(second)?.intervals.filter(({ generator }) => generator.elapsedMs >= WHOLE_MS);
      if (told !== undefined && told.length >= workers) return second;
    }
    return -1;
  }

  #viewOf(second: number): SecondView | undefined {
    const entry = this.#seconds.get(second);
    if (entry !== undefined) entry.view ??= secondsOf(entry.intervals)[0];
    return entry?.view;
  }

  #addInterval(interval: Interval): void {
    const { second } = interval;
    this.#newest = Math.max(this.#newest, second);
    const entry = this.#seconds.get(second) ?? { intervals: [], view: undefined };
    entry.intervals.push(interval);
    entry.view = undefined;
    this.#seconds.set(second, entry);
    for (const old of this.#seconds.keys()) if (old <= this.#newest - SHOWN_SECONDS) this.#seconds.delete(old);
    this.#service.addSparse(interval.service);
    this.#response.addSparse(interval.response);
    this.#lag.addSparse(interval.lag);
    this.#sum.completed += interval.completed;
    this.#sum.failed += interval.failed;
    this.#sum.dropped += interval.dropped;
    for (const [kind, count] of Object.entries(interval.errors)) {
      const error = this.#errors.get(kind) ?? { count: 0, sample: null };
      const samples: Readonly<Record<string, string>> = interval.errorSamples;
      this.#errors.set(kind, { count: error.count + count, sample: error.sample ?? samples[kind] ?? null });
    }
  }
}

import type { Clock } from '@meshwise/core';
import type { Probe } from '@meshwise/resources';
import { type ProbeOutcome, type ProbeTarget, runProbe } from './probe.ts';

export interface ProbeLoop {
  /** Undefined until something is known: a threshold was reached, or an eager probe has failed for the first time. */
  readonly passing: boolean | undefined;
  readonly lastFailure: string | undefined;
  stop(): void;
}

export interface ProbeLoopOptions {
  /** What it was known to be. */
  readonly before?: boolean;
  /**
   * Looks often until the first success, since a starting program then counts as ready seconds earlier. For readiness only: a
   * program that is not known to be ready is not ready, so early failures change nothing, while those of a startup or
   * liveness probe count towards killing the program and come at its period alone.
   */
  readonly eager?: boolean;
}

const EAGER_PERIOD_MS = 200;
/** A program that is not ready after so long is not about to be. */
const EAGER_FOR_MS = 60_000;

/** Runs a probe at its period and reports each time the thresholds turn it over (Kubernetes' prober worker). */
export function startProbeLoop(
  probe: Probe,
  target: ProbeTarget,
  clock: Clock,
  onTurn: (passing: boolean, reason: string | undefined) => void,
  { before, eager = false }: ProbeLoopOptions = {},
): ProbeLoop {
  const stopping = new AbortController();
  const periodMs = (probe.periodSeconds ?? 10) * 1000;
  let passing = before;
  let lastFailure: string | undefined;
  let successes = 0;
  let failures = 0;
  let early = eager && before !== true;

  async function run(): Promise<void> {
    await clock.sleep((probe.initialDelaySeconds ?? 0) * 1000, stopping.signal);
    const beganMs = clock.monotonicMs();
    while (!stopping.signal.aborted) {
      const outcome = await look();
      if (stopping.signal.aborted) return;
      count(outcome);
      if (clock.monotonicMs() - beganMs > EAGER_FOR_MS) early = false;
      await clock.sleep(early ? Math.min(EAGER_PERIOD_MS, periodMs) : periodMs, stopping.signal);
    }
  }

  /** Whatever goes wrong in a probe is a failure of it: a loop that ended would leave the pod as it was for ever. */
  async function look(): Promise<ProbeOutcome> {
    try {
      return await runProbe(probe, target);
    } catch (error) {
      return { result: 'failure', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  function count(outcome: ProbeOutcome): void {
    if (outcome.result === 'success') {
      early = false;
      successes += 1;
      failures = 0;
      if (passing !== true && successes >= (probe.successThreshold ?? 1)) turn(true);
    } else if (outcome.result === 'failure') {
      failures += 1;
      successes = 0;
      lastFailure = outcome.reason;
      const enough = failures >= (probe.failureThreshold ?? 3) || (eager && passing === undefined);
      if (passing !== false && enough) turn(false);
    }
  }

  function turn(to: boolean): void {
    passing = to;
    onTurn(to, to ? undefined : lastFailure);
  }

  run().catch(() => undefined);
  return {
    get passing() {
      return passing;
    },
    get lastFailure() {
      return lastFailure;
    },
    stop: () => stopping.abort(new Error('stopped')),
  };
}

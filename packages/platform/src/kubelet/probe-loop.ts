import type { Clock } from '@meshwise/core';
import type { Probe } from '@meshwise/resources';
import { type ProbeTarget, runProbe } from './probe.ts';

export interface ProbeLoop {
  /** Undefined until a threshold has been reached for the first time. */
  readonly passing: boolean | undefined;
  readonly lastFailure: string | undefined;
  stop(): void;
}

/** Runs a probe at its period and reports each time the thresholds turn it over. `before` is what it was known to be. */
export function startProbeLoop(
  probe: Probe,
  target: ProbeTarget,
  clock: Clock,
  onTurn: (passing: boolean, reason: string | undefined) => void,
  before?: boolean,
): ProbeLoop {
  const stopping = new AbortController();
  let passing = before;
  let lastFailure: string | undefined;
  let successes = 0;
  let failures = 0;

  async function run(): Promise<void> {
    await clock.sleep((probe.initialDelaySeconds ?? 0) * 1000, stopping.signal);
    while (!stopping.signal.aborted) {
      const outcome = await runProbe(probe, target);
      if (stopping.signal.aborted) return;
      if (outcome.result === 'success') {
        successes += 1;
        failures = 0;
        if (passing !== true && successes >= (probe.successThreshold ?? 1)) turn(true);
      } else if (outcome.result === 'failure') {
        failures += 1;
        successes = 0;
        lastFailure = outcome.reason;
        if (passing !== false && failures >= (probe.failureThreshold ?? 3)) turn(false);
      }
      // Until the first success the program is starting: looking often then costs little and saves seconds.
      const waitMs = passing === undefined ? Math.min(200, periodMs()) : periodMs();
      await clock.sleep(waitMs, stopping.signal);
    }
  }

  function periodMs(): number {
    return (probe.periodSeconds ?? 10) * 1000;
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

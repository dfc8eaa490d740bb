import type { Clock, Logger } from '@meshwise/core';
import type { Container } from '@meshwise/resources';
import { type ProbeTarget, runProbe } from './probe.ts';

/**
 * What a container asks to be done before it is told to leave (core/v1 Lifecycle.preStop), for at most `withinMs`. As in
 * Kubernetes a hook that fails does not keep the program alive: it is logged.
 */
export async function runPreStop(
  container: Container,
  target: ProbeTarget,
  withinMs: number,
  { clock, logger }: { clock: Clock; logger: Logger },
): Promise<void> {
  const hook = container.lifecycle?.preStop;
  if (hook === undefined) return;
  const timeout = new AbortController();
  const limit = clock.sleep(withinMs, timeout.signal).catch(() => undefined);
  const run = async () => {
    if (hook.sleep !== undefined) return await clock.sleep(hook.sleep.seconds * 1000, timeout.signal);
    const { exec, httpGet } = hook;
    const timeoutSeconds = Math.max(1, withinMs / 1000);
    const how = exec !== undefined ? { exec } : httpGet !== undefined ? { httpGet } : undefined;
    if (how === undefined) return;
    const outcome = await runProbe({ ...how, timeoutSeconds }, target);
    if (outcome.result === 'failure') throw new Error(outcome.reason);
  };
  const hooked = run().catch((error: unknown) => {
    if (!timeout.signal.aborted) logger.warn('preStop failed', { container: container.name, error: String(error) });
  });
  await Promise.race([hooked, limit]);
  timeout.abort(new Error('done'));
}

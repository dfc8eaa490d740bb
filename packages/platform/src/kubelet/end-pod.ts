import { type Clock, MeshwiseError } from '@meshwise/core';
import type { Resource } from '@meshwise/resources';
import type { Capture } from '../capture/capture.ts';
import { backOffMs } from '../proxies/back-off.ts';
import type { CurrentPod } from './current-pod.ts';
import type { PodPrograms } from './pod-programs.ts';
import type { PodVolumes } from './pod-volumes.ts';
import type { PodProxies } from './ports.ts';

export interface EndPodOptions {
  readonly capture: Capture;
  readonly proxies: PodProxies;
  readonly clock: Clock;
  /** Takes the finalizer off, which ends the object. */
  readonly release: (pod: Resource) => Promise<void>;
}

/** What is to end, and who hears of it. */
export interface EndingPod {
  readonly pod: CurrentPod;
  readonly programs: PodPrograms;
  readonly volumes: PodVolumes;
  /** Its setup, which has been told to stop. */
  readonly running: Promise<void> | undefined;
  /** Aborted when the daemon goes: the next one goes on with the end. */
  readonly leaving: AbortSignal;
  /** A proxy that is attached from here on has to be detached again. */
  readonly onProxyEnded: () => void;
  readonly onFailure: (message: string) => void;
}

const UNUSED_MS = 5_000;
/** A setup that waits for something which does not come must not keep a deleted pod. */
const SETTLE_MS = 10_000;
const RETRY_BASE_MS = 250;
const RETRY_CAP_MS = 30_000;

/**
 * The end of a pod. Kubernetes' order with one improvement: nobody sends to the pod any more before its programs are asked to
 * leave. Each step can be taken again, and is, until it succeeds: a pod must not stay in its end for ever.
 */
export async function endPod(ending: EndingPod, { capture, proxies, clock, release }: EndPodOptions): Promise<void> {
  const { pod, programs, volumes } = ending;
  const step = (what: string, run: () => Promise<void>) => untilDone(what, run, ending, clock);
  if (programs.inUse) {
    await step('waiting until it is unused', () => proxies.untilUnused(pod.resource, UNUSED_MS));
  }
  await step('ending its programs', () => programs.stop());
  await settled(ending.running, clock);
  await step('ending what is left of its programs', () => programs.stopLeft());
  await step('ending its proxy', () => proxies.detach(pod.resource));
  ending.onProxyEnded();
  await step('removing its network', () => capture.removePod(pod.uid));
  await step('removing its volumes', () => volumes.remove());
  await step('releasing it', () => release(pod.resource));
}

async function settled(running: Promise<void> | undefined, clock: Clock): Promise<void> {
  const over = new AbortController();
  const limit = clock.sleep(SETTLE_MS, over.signal).catch(() => undefined);
  await Promise.race([running, limit]);
  over.abort(new Error('settled'));
}

async function untilDone(
  what: string,
  run: () => Promise<void>,
  { leaving, onFailure }: EndingPod,
  clock: Clock,
): Promise<void> {
  for (let failures = 1; ; failures++) {
    leaving.throwIfAborted();
    try {
      return await run();
    } catch (error) {
      onFailure(`${what}: ${MeshwiseError.from(error).message}`);
      await clock.sleep(backOffMs(failures, RETRY_BASE_MS, RETRY_CAP_MS), leaving).catch(() => undefined);
    }
  }
}

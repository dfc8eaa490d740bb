import { randomBytes } from 'node:crypto';
import type { PodSandbox } from '@meshwise/platform';
import { type LoadPodContext, loadPodName, type PodName, removeLoadPod, startLoadPod } from './load-pod.ts';

/** The pod of one run: made when its first generator starts, removed when the run ends. */
export class LoadClient {
  readonly pod: PodName;
  readonly #context: LoadPodContext;
  readonly #ended = new AbortController();
  #starting: Promise<PodSandbox> | undefined;

  constructor(context: LoadPodContext, namespace: string) {
    this.#context = context;
    this.pod = { namespace, name: loadPodName(randomBytes(4).toString('hex')) };
  }

  async sandbox(): Promise<PodSandbox> {
    // A pod that is made after the end would stay.
    this.#ended.signal.throwIfAborted();
    this.#starting ??= startLoadPod(this.#context, this.pod, this.#ended.signal);
    return this.#starting;
  }

  async release(): Promise<void> {
    this.#ended.abort(new Error('the run has ended'));
    if (this.#starting === undefined) return;
    await this.#starting.catch(() => undefined);
    await removeLoadPod(this.#context, this.pod);
  }
}

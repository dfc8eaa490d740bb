import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import { type GroupKind, keyOf, keyText, type ResourceKey } from '@meshwise/resources';
import { BackOff } from './back-off.ts';
import { type Reconcile, TerminalError } from './reconciler.ts';
import type { Change, SourceSet } from './source.ts';
import { WorkQueue } from './work-queue.ts';

/** Another kind whose changes concern this controller, and whose keys they concern. */
export interface WatchedKind {
  readonly kind: GroupKind;
  readonly mapTo: (change: Change) => Iterable<ResourceKey>;
}

export interface ControllerDefinition {
  /** Appears in logs and health; the controller's name in Kubernetes where there is one. */
  readonly name: string;
  /** The kind whose keys are reconciled. */
  readonly kind: GroupKind;
  readonly watches?: readonly WatchedKind[];
  readonly reconcile: Reconcile;
  /** Keys reconciled at the same time. Default 1; more than 1 only if reconciling one key cannot affect another's. */
  readonly workers?: number;
}

export interface ControllerHealth {
  readonly name: string;
  /** Whether every watched kind has been listed once. */
  readonly synced: boolean;
  readonly waiting: number;
  readonly running: number;
  /** Keys whose last attempt failed, with the number of attempts so far. */
  readonly failing: readonly { readonly key: string; readonly attempts: number; readonly message: string }[];
}

interface Failure {
  readonly attempts: number;
  readonly message: string;
  readonly retried: boolean;
}

/** Runs a definition: changes of the watched kinds become keys in a queue, and workers reconcile them. */
export class Controller {
  readonly #definition: ControllerDefinition;
  readonly #sources: SourceSet;
  readonly #queue: WorkQueue;
  readonly #backOff = new BackOff();
  readonly #failing = new Map<string, Failure>();
  readonly #logger: Logger;
  readonly #onActivity: () => void;

  constructor(
    definition: ControllerDefinition,
    parts: {
      readonly sources: SourceSet;
      readonly clock: Clock;
      readonly logger: Logger;
      readonly onActivity: () => void;
    },
  ) {
    this.#definition = definition;
    this.#sources = parts.sources;
    this.#queue = new WorkQueue(parts.clock);
    this.#logger = parts.logger.child({ controller: definition.name });
    this.#onActivity = parts.onActivity;
    const own: WatchedKind = { kind: definition.kind, mapTo: ownKeys };
    for (const watched of [own, ...(definition.watches ?? [])]) {
      parts.sources.of(watched.kind).subscribe((change) => {
        for (const key of watched.mapTo(change)) this.#queue.add(key);
        this.#onActivity();
      });
    }
  }

  /** Nothing waits, runs or is about to be retried; a look planned by `requeueAfterMs` does not count. */
  get quiet(): boolean {
    if (this.#queue.waiting > 0 || this.#queue.running > 0) return false;
    return ![...this.#failing.values()].some((failure) => failure.retried);
  }

  health(): ControllerHealth {
    const kinds = [this.#definition.kind, ...(this.#definition.watches ?? []).map((watched) => watched.kind)];
    return {
      name: this.#definition.name,
      synced: kinds.every((kind) => this.#sources.of(kind).synced),
      waiting: this.#queue.waiting,
      running: this.#queue.running,
      failing: [...this.#failing].map(([key, { attempts, message }]) => ({ key, attempts, message })),
    };
  }

  /** Works until the signal aborts and the reconciles then under way have ended. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#queue.close(), { once: true });
    if (signal.aborted) this.#queue.close();
    await Promise.all(Array.from({ length: this.#definition.workers ?? 1 }, () => this.#work(signal)));
  }

  async #work(signal: AbortSignal): Promise<void> {
    for (let key = await this.#queue.take(); key !== undefined; key = await this.#queue.take()) {
      await this.#reconcile(key, signal);
      this.#queue.done(key);
      this.#onActivity();
    }
  }

  async #reconcile(key: ResourceKey, signal: AbortSignal): Promise<void> {
    const text = keyText(key);
    try {
      const result = await this.#definition.reconcile(key, signal);
      this.#backOff.forget(text);
      this.#failing.delete(text);
      if (result.requeueAfterMs !== undefined) this.#queue.addAfter(key, result.requeueAfterMs);
    } catch (error) {
      if (signal.aborted) return;
      this.#failed(key, text, error);
    }
  }

  #failed(key: ResourceKey, text: string, error: unknown): void {
    const retried = !(error instanceof TerminalError);
    const delayMs = this.#backOff.nextDelayMs(text);
    const failure = { attempts: this.#backOff.failures(text), message: MeshwiseError.from(error).summary, retried };
    this.#failing.set(text, failure);
    if (retried) this.#queue.addAfter(key, delayMs);
    // A stale write is how concurrent writers find out about each other; it is news only when it does not pass.
    const stale = error instanceof MeshwiseError && error.code === 'MW2002' && failure.attempts < 5;
    const fields = { key: text, attempts: failure.attempts, error: failure.message };
    if (stale) this.#logger.debug('reconcile met a newer version', fields);
    else this.#logger.warn('reconcile failed', fields);
  }
}

function* ownKeys(change: Change): Iterable<ResourceKey> {
  const resource = change.current ?? change.previous;
  if (resource !== undefined) yield keyOf(resource);
}

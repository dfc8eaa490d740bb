import type { Clock, Logger } from '@meshwise/core';
import { MeshwiseError, silentLogger, systemClock } from '@meshwise/core';
import { keyOf, keyText, type Resource } from './resource.ts';
import type { ResourceStore, WatchEvent, WatchOptions } from './store.ts';

/** An object that names owners of which at least one is gone. */
export interface DanglingDependant {
  readonly resource: Resource;
  /** uids of the owners that are gone. */
  readonly missing: readonly string[];
}

/** A store that can be swept for dependants of owners that are gone. A Kubernetes API server has a collector of its own. */
export interface CollectableStore extends ResourceStore {
  watchAll(options: WatchOptions): AsyncIterable<WatchEvent>;
  currentVersion(): string;
  danglingDependants(): Promise<readonly DanglingDependant[]>;
}

export interface GarbageCollectorOptions {
  readonly store: CollectableStore;
  readonly logger?: Logger;
  readonly clock?: Clock;
}

/**
 * Removes what is left of owners that are gone (kubernetes.io, "Garbage Collection"): an object is deleted when all its
 * owners are gone, and loses the reference when one is still there. It looks at the state and not at single events, so
 * nothing is missed when it was not running, and dependants of dependants follow by themselves.
 */
export class GarbageCollector {
  readonly #store: CollectableStore;
  readonly #logger: Logger;
  readonly #clock: Clock;

  constructor(options: GarbageCollectorOptions) {
    this.#store = options.store;
    this.#logger = options.logger ?? silentLogger;
    this.#clock = options.clock ?? systemClock;
  }

  /** Collects now and after every change, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const resourceVersion = this.#store.currentVersion();
        await this.collect();
        for await (const event of this.#store.watchAll({ resourceVersion, signal })) {
          if (event.type !== 'BOOKMARK' && mayLeaveDependants(event)) await this.collect();
        }
        // A watch that ends by itself means that the store was closed.
        return;
      } catch (error) {
        if (signal.aborted) return;
        const reason = MeshwiseError.from(error);
        this.#logger.warn('garbage collection failed, trying again', { code: reason.code, reason: reason.message });
        await this.#clock.sleep(1000, signal).catch(() => {});
      }
    }
  }

  /** Sweeps until nothing is left to collect; says how many objects were deleted. */
  async collect(): Promise<number> {
    let deleted = 0;
    for (;;) {
      const dangling = (await this.#store.danglingDependants()).filter((item) => needsWork(item));
      if (dangling.length === 0) return deleted;
      let progress = false;
      for (const item of dangling) {
        if (await this.#release(item)) {
          progress = true;
          if (isOrphan(item)) deleted++;
        }
      }
      if (!progress) return deleted;
    }
  }

  async #release(item: DanglingDependant): Promise<boolean> {
    const { resource } = item;
    try {
      if (isOrphan(item)) {
        const uid = resource.metadata.uid;
        await this.#store.delete(keyOf(resource), uid === undefined ? {} : { uid });
      } else {
        const owners = (resource.metadata.ownerReferences ?? []).filter((owner) => !item.missing.includes(owner.uid));
        await this.#store.update({ ...resource, metadata: { ...resource.metadata, ownerReferences: owners } });
      }
      this.#logger.debug('collected', { object: keyText(keyOf(resource)) });
      return true;
    } catch (error) {
      // Somebody else was faster; the next sweep sees what is there then.
      if (error instanceof MeshwiseError && error.code === 'MW2002') return false;
      throw error;
    }
  }
}

function isOrphan({ resource, missing }: DanglingDependant): boolean {
  return (resource.metadata.ownerReferences ?? []).every((owner) => missing.includes(owner.uid));
}

/** What waits for finalizers already is not deleted again. */
function needsWork(item: DanglingDependant): boolean {
  return !isOrphan(item) || item.resource.metadata.deletionTimestamp === undefined;
}

function mayLeaveDependants(event: Exclude<WatchEvent, { type: 'BOOKMARK' }>): boolean {
  return event.type === 'DELETED' || (event.resource.metadata.ownerReferences ?? []).length > 0;
}

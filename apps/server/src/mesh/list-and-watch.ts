import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import type { GroupKind, Resource, ResourceList, ResourceStore, WatchEvent } from '@meshwise/resources';

const RETRY_MS = 1_000;

export interface Following {
  readonly store: ResourceStore;
  readonly kind: GroupKind;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Everything there is: at first, and whenever the watch could not go on. What is not in it is gone. */
  readonly onList: (items: readonly Resource[]) => void | Promise<void>;
  readonly onEvent: (event: Exclude<WatchEvent, { type: 'BOOKMARK' }>) => void | Promise<void>;
}

/**
 * Lists a kind, then follows it until the signal aborts (kubernetes.io, "Efficient detection of changes"). Resolves after the
 * first list was handled. Whatever ends the watch, it lists again: a follower never stops following.
 */
export async function listAndWatch(following: Following): Promise<void> {
  const { kind, clock, logger, signal } = following;
  let list = await relist(following);
  const run = async () => {
    while (!signal.aborted) {
      try {
        await follow(following, list.resourceVersion);
        return;
      } catch (error) {
        if (signal.aborted) return;
        const known = MeshwiseError.from(error);
        if (known.code !== 'MW2003') {
          logger.warn('watch failed, listing again', { ...kind, error: known.message });
          await clock.sleep(RETRY_MS, signal).catch(() => undefined);
        }
        list = await relist(following).catch(() => list);
      }
    }
  };
  run().catch((error: unknown) => logger.error('watch ended', { ...kind, error: String(error) }));
}

async function relist({ store, kind, onList }: Following): Promise<ResourceList> {
  const list = await store.list(kind);
  await onList(list.items);
  return list;
}

async function follow({ store, kind, signal, onEvent }: Following, resourceVersion: string): Promise<void> {
  for await (const event of store.watch(kind, { resourceVersion, signal })) {
    if (event.type !== 'BOOKMARK') await onEvent(event);
  }
}

import { type Logger, MeshwiseError } from '@meshwise/core';
import type { MeshModel, ResourceChange } from '@meshwise/model';
import { type GroupKind, keyOf, type ResourceStore, type WatchEvent } from '@meshwise/resources';

/**
 * Carries the resources that the meshes' readers understand from the store into the model, complete before it returns and
 * from then on change by change. When a watch is too old, the difference to a new list is applied.
 */
export async function feedModel(options: {
  store: ResourceStore;
  model: MeshModel;
  kinds: readonly GroupKind[];
  onChange: () => void;
  signal: AbortSignal;
  logger: Logger;
}): Promise<void> {
  const { store, model, kinds, signal, logger } = options;
  const lists = await Promise.all(kinds.map(async (kind) => ({ kind, list: await store.list(kind) })));
  model.update(lists.flatMap(({ list }) => list.items.map((resource) => ({ type: 'upsert', resource }) as const)));
  for (const { kind, list } of lists) {
    follow(kind, list.resourceVersion).catch((error: unknown) => {
      if (!signal.aborted) logger.error('the model no longer follows a kind', { ...kind, error: String(error) });
    });
  }

  async function follow(kind: GroupKind, resourceVersion: string): Promise<void> {
    let from = resourceVersion;
    const known = new Map<string, ResourceChange>();
    while (!signal.aborted) {
      try {
        for await (const event of store.watch(kind, { resourceVersion: from, signal })) {
          if (event.type === 'BOOKMARK') {
            from = event.resourceVersion;
            continue;
          }
          from = event.resource.metadata.resourceVersion ?? from;
          const change = changeOf(event);
          remember(known, change);
          model.update([change]);
          options.onChange();
        }
      } catch (error) {
        if (signal.aborted) return;
        if (MeshwiseError.from(error).code !== 'MW2003') throw error;
        const list = await store.list(kind);
        from = list.resourceVersion;
        const present = new Set(list.items.map((resource) => JSON.stringify(keyOf(resource))));
        const gone = [...known.keys()].filter((key) => !present.has(key));
        const changes: ResourceChange[] = [
          ...list.items.map((resource) => ({ type: 'upsert', resource }) as const),
          ...gone.map((key) => ({ type: 'delete', key: JSON.parse(key) }) as const),
        ];
        for (const change of changes) remember(known, change);
        model.update(changes);
        options.onChange();
      }
    }
  }
}

function changeOf(event: Exclude<WatchEvent, { type: 'BOOKMARK' }>): ResourceChange {
  return event.type === 'DELETED'
    ? { type: 'delete', key: keyOf(event.resource) }
    : { type: 'upsert', resource: event.resource };
}

function remember(known: Map<string, ResourceChange>, change: ResourceChange): void {
  if (change.type === 'upsert') known.set(JSON.stringify(keyOf(change.resource)), change);
  else known.delete(JSON.stringify(change.key));
}

import type { Clock, Logger } from '@meshwise/core';
import type { MeshModel, ResourceChange } from '@meshwise/model';
import {
  type GroupKind,
  keyOf,
  keyText,
  type Resource,
  type ResourceKey,
  type ResourceStore,
} from '@meshwise/resources';
import { listAndWatch } from './list-and-watch.ts';

/**
 * Carries the resources that the meshes' readers understand from the store into models, complete before it returns and
 * from then on change by change.
 */
export async function feedModel(options: {
  store: ResourceStore;
  /** All of them get every change. */
  models: readonly MeshModel[];
  kinds: readonly GroupKind[];
  onChange: () => void;
  clock: Clock;
  signal: AbortSignal;
  logger: Logger;
}): Promise<void> {
  const { models, onChange, kinds, ...common } = options;
  await Promise.all(kinds.map((kind) => feedKind(kind)));

  async function feedKind(kind: GroupKind): Promise<void> {
    const known = new Map<string, ResourceKey>();
    const tell = (changes: readonly ResourceChange[]) => {
      for (const model of models) model.update(changes);
      onChange();
    };
    const upsert = (resource: Resource): ResourceChange => {
      const key = keyOf(resource);
      known.set(keyText(key), key);
      return { type: 'upsert', resource };
    };
    await listAndWatch({
      ...common,
      kind,
      onList: (items) => {
        const present = new Set(items.map((item) => keyText(keyOf(item))));
        const gone = [...known].filter(([text]) => !present.has(text));
        for (const [text] of gone) known.delete(text);
        tell([...items.map(upsert), ...gone.map(([, key]) => ({ type: 'delete', key }) as const)]);
      },
      onEvent: ({ type, resource }) => {
        if (type !== 'DELETED') return tell([upsert(resource)]);
        const key = keyOf(resource);
        known.delete(keyText(key));
        tell([{ type: 'delete', key }]);
      },
    });
  }
}

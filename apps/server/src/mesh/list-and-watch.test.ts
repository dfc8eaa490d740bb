import { MeshwiseError, silentLogger, systemClock } from '@meshwise/core';
import type { MeshModel, ResourceChange } from '@meshwise/model';
import type { Resource, ResourceStore, WatchEvent } from '@meshwise/resources';
import { SqliteResourceStore } from '@meshwise/resources/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { feedModel } from './model-feed.ts';

let store: SqliteResourceStore;
let stop: AbortController;
beforeEach(() => {
  store = new SqliteResourceStore({ path: ':memory:' });
  stop = new AbortController();
});
afterEach(() => {
  stop.abort(new Error('done'));
  store.close();
});

const SERVICES = { group: '', kind: 'Service' };
const service = (name: string): Resource => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: { ports: [{ port: 80 }] },
});
const clock = { ...systemClock, sleep: (_ms: number, signal?: AbortSignal) => systemClock.sleep(1, signal) };

/** What a model would hold after the changes it was told. */
function follow(source: ResourceStore): Promise<Set<string>> {
  const held = new Set<string>();
  const update = (changes: readonly ResourceChange[]) => {
    for (const change of changes) {
      if (change.type === 'upsert') held.add(change.resource.metadata.name);
      else held.delete(change.key.name);
    }
  };
  const model = { update } as unknown as MeshModel;
  const options = {
    store: source,
    models: [model],
    kinds: [SERVICES],
    clock,
    signal: stop.signal,
    logger: silentLogger,
  };
  return feedModel({ ...options, onChange: () => {} }).then(() => held);
}
async function until(held: Set<string>, names: readonly string[]): Promise<void> {
  while ([...held].sort().join() !== [...names].sort().join()) await systemClock.sleep(5);
}

describe('feeding the model', () => {
  it('is complete at once, and follows what is added and removed', async () => {
    await store.create(service('a'));
    const held = await follow(store);
    expect([...held]).toEqual(['a']);
    await store.create(service('b'));
    await store.delete({ ...SERVICES, namespace: 'default', name: 'a' });
    await until(held, ['b']);
  });

  it.each([
    ['is too old', new MeshwiseError('MW2003', 'too old')],
    ['fails for any other reason', new Error('disk')],
  ])(
    'takes out what went while its watch was broken, also what the first list had, when it %s',
    async (_case, error) => {
      await store.create(service('a'));
      await store.create(service('b'));
      let broken = false;
      const breaking: ResourceStore = Object.assign(Object.create(store) as ResourceStore, {
        list: (kind: typeof SERVICES) => store.list(kind),
        async *watch(
          kind: typeof SERVICES,
          options: Parameters<ResourceStore['watch']>[1],
        ): AsyncGenerator<WatchEvent> {
          if (!broken) {
            broken = true;
            await store.delete({ ...SERVICES, namespace: 'default', name: 'a' });
            throw error;
          }
          yield* store.watch(kind, options);
        },
      });
      const held = await follow(breaking);
      await until(held, ['b']);
      await store.create(service('c'));
      await until(held, ['b', 'c']);
    },
  );
});

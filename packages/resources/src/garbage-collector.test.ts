import { afterEach, describe, expect, it } from 'vitest';
import { configMap, configMaps } from './contract/fixtures.ts';
import { GarbageCollector } from './garbage-collector.ts';
import { keyOf, type Resource } from './resource.ts';
import { SqliteResourceStore } from './sqlite/store.ts';

let store = new SqliteResourceStore({ path: ':memory:' });
afterEach(() => {
  store.close();
  store = new SqliteResourceStore({ path: ':memory:' });
});

function owned(name: string, ...owners: Resource[]): Resource {
  const ownerReferences = owners.map((owner) => ({
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
  }));
  return configMap('default', {}, { name, ownerReferences });
}

async function names(): Promise<string[]> {
  return (await store.list(configMaps)).items.map((item) => item.metadata.name);
}

describe('The garbage collector', () => {
  it('removes dependants of dependants after their owner', async () => {
    const root = await store.create(configMap('default', {}, { name: 'root' }));
    const child = await store.create(owned('child', root));
    await store.create(owned('grandchild', child));
    const collector = new GarbageCollector({ store });
    expect(await collector.collect()).toBe(0);
    await store.delete(keyOf(root));
    expect(await collector.collect()).toBe(2);
    expect(await names()).toEqual([]);
  });

  it('keeps what has another owner and takes the reference out', async () => {
    const [a, b] = [
      await store.create(configMap('default', {}, { name: 'a' })),
      await store.create(configMap('default', {}, { name: 'b' })),
    ];
    const child = await store.create(owned('child', a, b));
    await store.delete(keyOf(a));
    await new GarbageCollector({ store }).collect();
    expect((await store.get(keyOf(child)))?.metadata.ownerReferences).toMatchObject([{ name: 'b' }]);
  });

  it('keeps dependants of an owner that was deleted as orphaning', async () => {
    const root = await store.create(configMap('default', {}, { name: 'root' }));
    const child = await store.create(owned('child', root));
    await store.delete(keyOf(root), { propagation: 'orphan' });
    expect(await new GarbageCollector({ store }).collect()).toBe(0);
    expect((await store.get(keyOf(child)))?.metadata.ownerReferences).toBeUndefined();
  });

  it('marks a dependant with finalizers once and waits', async () => {
    const root = await store.create(configMap('default', {}, { name: 'root' }));
    const { ownerReferences = [] } = owned('x', root).metadata;
    const child = await store.create(configMap('default', {}, { name: 'child', ownerReferences, finalizers: ['a/b'] }));
    await store.delete(keyOf(root));
    const collector = new GarbageCollector({ store });
    await collector.collect();
    expect((await store.get(keyOf(child)))?.metadata.deletionTimestamp).toBeDefined();
    expect(await collector.collect()).toBe(0);
  });

  it('works by itself while it runs, and stops with its signal', async () => {
    const abort = new AbortController();
    const running = new GarbageCollector({ store }).run(abort.signal);
    const root = await store.create(configMap('default', {}, { name: 'root' }));
    await store.create(owned('child', root));
    await store.delete(keyOf(root));
    await expect.poll(names).toEqual([]);
    abort.abort();
    await running;
  });
});

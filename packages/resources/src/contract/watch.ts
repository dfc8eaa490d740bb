import { describe, expect, it } from 'vitest';
import { keyOf } from '../resource.ts';
import type { Subject } from '../store-contract.ts';
import { configMap, configMaps, dataOf, freshName, take } from './fixtures.ts';

export function watchContract(subject: Subject): void {
  describe('watch', () => {
    it('delivers every change after the resource version of a list, in order', async () => {
      const { store, namespace } = subject();
      const { resourceVersion } = await store.list(configMaps, { namespace });
      const created = await store.create(configMap(namespace, { a: '1' }));
      await store.update({ ...created, data: { a: '2' } });
      await store.delete(keyOf(created));
      const events = await take((signal) => store.watch(configMaps, { namespace, resourceVersion, signal }), 3);
      expect(events.map((event) => event.type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
      expect(events.map((event) => dataOf(event.resource))).toEqual([{ a: '1' }, { a: '2' }, { a: '2' }]);
      const versions = events.map((event) => Number(event.resource.metadata.resourceVersion));
      expect(versions).toEqual([...versions].sort((a, b) => a - b));
    });

    it('delivers changes that are made while it waits', async () => {
      const { store, namespace } = subject();
      const { resourceVersion } = await store.list(configMaps, { namespace });
      const events = take((signal) => store.watch(configMaps, { namespace, resourceVersion, signal }), 1);
      await new Promise((resolve) => setImmediate(resolve));
      const created = await store.create(configMap(namespace, {}));
      expect((await events)[0]?.resource.metadata.name).toBe(created.metadata.name);
    });

    it('delivers nothing for a write that changes nothing', async () => {
      const { store, namespace } = subject();
      const wanted = configMap(namespace, { a: '1' });
      await store.apply(wanted, { fieldManager: 'one' });
      const { resourceVersion } = await store.list(configMaps, { namespace });
      await store.apply(wanted, { fieldManager: 'one' });
      const marker = await store.create(configMap(namespace, {}));
      const [first] = await take((signal) => store.watch(configMaps, { namespace, resourceVersion, signal }), 1);
      expect(first?.resource.metadata.name).toBe(marker.metadata.name);
    });

    it('shows an object that begins to match its selector as added, and one that ceases to as deleted', async () => {
      const { store, namespace } = subject();
      const group = freshName();
      const { resourceVersion } = await store.list(configMaps, { namespace });
      const plain = await store.create(configMap(namespace, {}));
      const matching = await store.update({ ...plain, metadata: { ...plain.metadata, labels: { group } } });
      await store.update({ ...matching, metadata: { ...matching.metadata, labels: {} } });
      const options = { namespace, resourceVersion, labelSelector: `group=${group}` };
      const events = await take((signal) => store.watch(configMaps, { ...options, signal }), 2);
      expect(events.map((event) => event.type)).toEqual(['ADDED', 'DELETED']);
    });

    it('ends when its signal aborts', async () => {
      const { store, namespace } = subject();
      const { resourceVersion } = await store.list(configMaps, { namespace });
      const abort = new AbortController();
      const seen = (async () => {
        for await (const event of store.watch(configMaps, { namespace, resourceVersion, signal: abort.signal })) {
          if (event.type !== 'BOOKMARK') return event;
        }
        return 'ended';
      })();
      await new Promise((resolve) => setImmediate(resolve));
      abort.abort();
      expect(await seen).toBe('ended');
    });
  });
}

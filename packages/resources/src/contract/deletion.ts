import { describe, expect, it } from 'vitest';
import { keyOf } from '../resource.ts';
import type { Subject } from '../store-contract.ts';
import { configMap, configMaps, expectCode, freshName } from './fixtures.ts';

export function deletionContract(subject: Subject): void {
  describe('deletion', () => {
    it('removes an object, and answers undefined when there is none', async () => {
      const { store, namespace } = subject();
      const created = await store.create(configMap(namespace, {}));
      expect((await store.delete(keyOf(created)))?.metadata.uid).toBe(created.metadata.uid);
      expect(await store.get(keyOf(created))).toBeUndefined();
      expect(await store.delete({ ...configMaps, namespace, name: freshName() })).toBeUndefined();
    });

    it('refuses when resource version or uid is another one', async () => {
      const { store, namespace } = subject();
      const first = await store.create(configMap(namespace, { a: '1' }));
      const second = await store.update({ ...first, data: { a: '2' } });
      const stale = { resourceVersion: first.metadata.resourceVersion ?? '' };
      await expectCode('MW2002', store.delete(keyOf(first), stale));
      await expectCode('MW2002', store.delete(keyOf(first), { uid: '00000000-0000-0000-0000-000000000000' }));
      expect(await store.get(keyOf(first))).toEqual(second);
    });

    it('waits for finalizers and removes the object with the last one', async () => {
      const { store, namespace } = subject();
      const created = await store.create(
        configMap(namespace, {}, { finalizers: ['meshwise.dev/one', 'meshwise.dev/two'] }),
      );
      await store.delete(keyOf(created));
      const waiting = await store.get(keyOf(created));
      expect(waiting?.metadata.deletionTimestamp).toBeDefined();
      if (waiting === undefined) return;
      const one = await store.update({
        ...waiting,
        metadata: { ...waiting.metadata, finalizers: ['meshwise.dev/two'] },
      });
      expect(await store.get(keyOf(created))).toBeDefined();
      await store.update({ ...one, metadata: { ...one.metadata, finalizers: [] } });
      expect(await store.get(keyOf(created))).toBeUndefined();
    });

    it('gives a recreated object another uid', async () => {
      const { store, namespace } = subject();
      const first = await store.create(configMap(namespace, {}));
      await store.delete(keyOf(first));
      const second = await store.create(configMap(namespace, {}, { name: first.metadata.name }));
      expect(second.metadata.uid).not.toBe(first.metadata.uid);
    });
  });
}

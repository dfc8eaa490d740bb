import { describe, expect, it } from 'vitest';
import { keyOf } from '../resource.ts';
import type { Subject } from '../store-contract.ts';
import { configMap, configMaps, dataOf, deployment, expectCode, freshName } from './fixtures.ts';

export function writesContract(subject: Subject): void {
  describe('create, update and list', () => {
    it('gives a created object uid, resource version, creation time and generation', async () => {
      const { store, namespace } = subject();
      const created = await store.create(
        deployment(namespace, freshName(), { containers: [{ name: 'a', image: 'a:1' }] }),
      );
      expect(created.metadata.uid).toMatch(/.{8,}/);
      expect(created.metadata.resourceVersion).toMatch(/^\d+$/);
      expect(created.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(created.metadata.generation).toBe(1);
      expect(await store.get(keyOf(created))).toEqual(created);
    });

    it('refuses to create what exists already', async () => {
      const { store, namespace } = subject();
      const created = await store.create(configMap(namespace, { a: '1' }));
      await expectCode('MW2005', store.create({ ...created, metadata: { name: created.metadata.name, namespace } }));
    });

    it('completes a generated name', async () => {
      const { store, namespace } = subject();
      const prefix = `${freshName()}-`;
      const created = await store.create(configMap(namespace, {}, { name: '', generateName: prefix }));
      expect(created.metadata.name.startsWith(prefix)).toBe(true);
      expect(created.metadata.name.length).toBeGreaterThan(prefix.length);
    });

    it('answers undefined for an object that is not there', async () => {
      const { store, namespace } = subject();
      expect(await store.get({ ...configMaps, namespace, name: freshName() })).toBeUndefined();
    });

    it('refuses an update of an object that is not there', async () => {
      const { store, namespace } = subject();
      await expectCode('MW2001', store.update(configMap(namespace, { a: '1' })));
    });

    it('refuses an update with a stale resource version and leaves the object as it is', async () => {
      const { store, namespace } = subject();
      const first = await store.create(configMap(namespace, { a: '1' }));
      await store.update({ ...first, data: { a: '2' } });
      await expectCode('MW2002', store.update({ ...first, data: { a: '3' } }));
      expect(dataOf(await store.get(keyOf(first)))).toEqual({ a: '2' });
    });

    it('takes an update without a resource version unconditionally', async () => {
      const { store, namespace } = subject();
      const first = await store.create(configMap(namespace, { a: '1' }));
      await store.update({ ...first, data: { a: '2' } });
      const { resourceVersion: _version, ...metadata } = first.metadata;
      const updated = await store.update({ ...first, metadata, data: { a: '3' } });
      expect(dataOf(updated)).toEqual({ a: '3' });
      expect(updated.metadata.uid).toBe(first.metadata.uid);
    });

    it('gives an update that changes nothing no new resource version', async () => {
      const { store, namespace } = subject();
      const first = await store.create(configMap(namespace, { a: '1' }));
      const again = await store.update(first);
      expect(again.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    });

    it('counts changes of spec in generation, not those of labels', async () => {
      const { store, namespace } = subject();
      const first = await store.create(
        deployment(namespace, freshName(), { replicas: 1, containers: [{ name: 'a', image: 'a:1' }] }),
      );
      const labelled = await store.update({ ...first, metadata: { ...first.metadata, labels: { x: 'y' } } });
      expect(labelled.metadata.generation).toBe(1);
      const scaled = await store.update({ ...labelled, spec: { ...(labelled.spec as object), replicas: 2 } });
      expect(scaled.metadata.generation).toBe(2);
    });

    it('changes status by updateStatus alone, and nothing else by it', async () => {
      const { store, namespace } = subject();
      const first = await store.create({
        ...deployment(namespace, freshName(), { replicas: 1, containers: [{ name: 'a', image: 'a:1' }] }),
        status: { replicas: 7 },
      });
      expect(first.status ?? {}).not.toHaveProperty('replicas', 7);
      const updated = await store.updateStatus({
        ...first,
        spec: { ...(first.spec as object), replicas: 5 },
        status: { replicas: 1, observedGeneration: 1 },
      });
      expect(updated.status).toMatchObject({ replicas: 1 });
      expect(updated.spec).toMatchObject({ replicas: 1 });
      expect(updated.metadata.generation).toBe(1);
      const changed = await store.update({
        ...updated,
        metadata: { ...updated.metadata, labels: { x: 'y' } },
        status: {},
      });
      expect(changed.status).toMatchObject({ replicas: 1 });
    });

    it('changes nothing in a dry run', async () => {
      const { store, namespace } = subject();
      const planned = configMap(namespace, { a: '1' });
      expect(dataOf(await store.create(planned, { dryRun: true }))).toEqual({ a: '1' });
      expect(await store.get(keyOf(planned))).toBeUndefined();
      const stored = await store.create(planned);
      expect(dataOf(await store.update({ ...stored, data: { a: '2' } }, { dryRun: true }))).toEqual({ a: '2' });
      await store.delete(keyOf(planned), { dryRun: true });
      expect(await store.get(keyOf(planned))).toEqual(stored);
    });

    it('lists by namespace and by labels', async () => {
      const { store, namespace } = subject();
      const group = freshName();
      const one = await store.create(configMap(namespace, {}, { labels: { group, version: 'v1' } }));
      const two = await store.create(configMap(namespace, {}, { labels: { group, version: 'v2' } }));
      const names = async (labelSelector: string) =>
        (await store.list(configMaps, { namespace, labelSelector })).items.map((item) => item.metadata.name).sort();
      expect(await names(`group=${group}`)).toEqual([one.metadata.name, two.metadata.name].sort());
      expect(await names(`group=${group},version in (v2,v3)`)).toEqual([two.metadata.name]);
      expect(await names(`group=${group},version!=v2`)).toEqual([one.metadata.name]);
      expect(await names(`group=${group},!version`)).toEqual([]);
      expect((await store.list(configMaps, { namespace: freshName(), labelSelector: `group=${group}` })).items).toEqual(
        [],
      );
    });

    it('names the kinds that are stored', async () => {
      const { store, namespace } = subject();
      await store.create(configMap(namespace, {}));
      expect(await store.kinds()).toContainEqual(configMaps);
    });
  });
}

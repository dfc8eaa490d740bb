import { describe, expect, it } from 'vitest';
import { keyOf, type Resource } from '../resource.ts';
import type { Subject } from '../store-contract.ts';
import { configMap, containersOf, dataOf, deployment, expectCode, freshName } from './fixtures.ts';

export function applyContract(subject: Subject): void {
  describe('server-side apply', () => {
    const withData = (base: Resource, data: Readonly<Record<string, string>>): Resource => ({
      apiVersion: base.apiVersion,
      kind: base.kind,
      metadata: { name: base.metadata.name, namespace: base.metadata.namespace ?? '' },
      data,
    });

    it('creates first, then says unchanged and writes nothing', async () => {
      const { store, namespace } = subject();
      const wanted = configMap(namespace, { a: '1' });
      const first = await store.apply(wanted, { fieldManager: 'one' });
      expect(first.outcome).toBe('created');
      const second = await store.apply(wanted, { fieldManager: 'one' });
      expect(second.outcome).toBe('unchanged');
      expect(second.resource).toEqual(first.resource);
    });

    it('removes what the manager applied before and leaves out now', async () => {
      const { store, namespace } = subject();
      const wanted = configMap(namespace, { a: '1', b: '2' });
      await store.apply(wanted, { fieldManager: 'one' });
      const result = await store.apply(withData(wanted, { a: '1' }), { fieldManager: 'one' });
      expect(result.outcome).toBe('configured');
      expect(dataOf(result.resource)).toEqual({ a: '1' });
    });

    it('keeps what other managers own', async () => {
      const { store, namespace } = subject();
      const wanted = configMap(namespace, { a: '1' });
      await store.apply(wanted, { fieldManager: 'one' });
      await store.apply(withData(wanted, { b: '2' }), { fieldManager: 'two' });
      const result = await store.apply(withData(wanted, { c: '3' }), { fieldManager: 'one' });
      expect(dataOf(result.resource)).toEqual({ b: '2', c: '3' });
    });

    it('refuses to change what another manager owns, naming manager and field', async () => {
      const { store, namespace } = subject();
      const wanted = configMap(namespace, { a: '1' });
      await store.apply(wanted, { fieldManager: 'one' });
      const error = await expectCode('MW2004', store.apply(withData(wanted, { a: '2' }), { fieldManager: 'two' }));
      expect(error.message).toContain('"one"');
      expect(error.message).toContain('data.a');
      expect(dataOf(await store.get(keyOf(wanted)))).toEqual({ a: '1' });
    });

    it('takes over with force, after which the first manager conflicts', async () => {
      const { store, namespace } = subject();
      const wanted = configMap(namespace, { a: '1' });
      await store.apply(wanted, { fieldManager: 'one' });
      const taken = await store.apply(withData(wanted, { a: '2' }), { fieldManager: 'two', force: true });
      expect(dataOf(taken.resource)).toEqual({ a: '2' });
      await expectCode('MW2004', store.apply(wanted, { fieldManager: 'one' }));
    });

    it('lets two managers own the same value, and keeps it until both left it out', async () => {
      const { store, namespace } = subject();
      const wanted = configMap(namespace, { a: '1', z: '0' });
      await store.apply(wanted, { fieldManager: 'one' });
      await store.apply(withData(wanted, { a: '1' }), { fieldManager: 'two' });
      const shared = await store.apply(withData(wanted, { z: '0' }), { fieldManager: 'one' });
      expect(dataOf(shared.resource)).toEqual({ a: '1', z: '0' });
      const gone = await store.apply(withData(wanted, {}), { fieldManager: 'two' });
      expect(dataOf(gone.resource)).toEqual({ z: '0' });
    });

    it('conflicts with fields that an update has changed', async () => {
      const { store, namespace } = subject();
      const wanted = configMap(namespace, { a: '1' });
      const first = await store.apply(wanted, { fieldManager: 'one' });
      await store.update({ ...first.resource, data: { a: '5' } }, { fieldManager: 'editor' });
      const error = await expectCode('MW2004', store.apply(wanted, { fieldManager: 'one' }));
      expect(error.message).toContain('"editor"');
    });

    it('merges containers by name and their env by name', async () => {
      const { store, namespace } = subject();
      const name = freshName();
      const web = { name: 'web', image: 'web:1', env: [{ name: 'A', value: '1' }] };
      await store.apply(deployment(namespace, name, { containers: [web] }), { fieldManager: 'one' });
      const sidecar = { name: 'sidecar', image: 'proxy:1' };
      const extended = { name: 'web', env: [{ name: 'B', value: '2' }] };
      await store.apply(deployment(namespace, name, { containers: [sidecar, extended] }), { fieldManager: 'two' });
      const newer = deployment(namespace, name, { containers: [{ name: 'web', image: 'web:2' }] });
      const { resource } = await store.apply(newer, { fieldManager: 'one' });
      const containers = containersOf(resource);
      expect(containers.map((container) => [container.name, container.image])).toEqual([
        ['web', 'web:2'],
        ['sidecar', 'proxy:1'],
      ]);
      expect(containers[0]?.env?.map((entry) => entry.name)).toEqual(['B']);
    });

    it('records the fields of each manager in the form of Kubernetes', async () => {
      const { store, namespace } = subject();
      const wanted = configMap(namespace, { a: '1' });
      const { resource } = await store.apply(wanted, { fieldManager: 'one' });
      expect(resource.metadata.managedFields).toMatchObject([
        {
          manager: 'one',
          operation: 'Apply',
          apiVersion: 'v1',
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:data': { 'f:a': {} } },
        },
      ]);
    });

    it('changes nothing in a dry run', async () => {
      const { store, namespace } = subject();
      const wanted = configMap(namespace, { a: '1' });
      expect((await store.apply(wanted, { fieldManager: 'one', dryRun: true })).outcome).toBe('created');
      expect(await store.get(keyOf(wanted))).toBeUndefined();
    });
  });
}

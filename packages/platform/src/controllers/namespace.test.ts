import { afterEach, beforeEach, expect, test } from 'vitest';
import { namespaceNamed, TestPlatform, template, workload } from './testing.ts';

let platform: TestPlatform;
beforeEach(() => {
  platform = new TestPlatform();
});
afterEach(() => platform.stop());

const shop = { group: '', kind: 'Namespace', namespace: '', name: 'shop' };
const account = { group: '', kind: 'ServiceAccount', namespace: 'shop', name: 'default' };

test('a namespace has its default ServiceAccount, its name as a label and is active', async () => {
  await platform.apply(namespaceNamed('shop'));
  const namespace = await platform.store.get(shop);
  expect(namespace?.metadata.labels).toMatchObject({ 'kubernetes.io/metadata.name': 'shop' });
  expect(namespace?.status).toEqual({ phase: 'Active' });
  expect(await platform.store.get(account)).toBeDefined();
});

test('a deleted default ServiceAccount comes back', async () => {
  await platform.apply(namespaceNamed('shop'));
  await platform.store.delete(account);
  await platform.settle();
  expect(await platform.store.get(account)).toBeDefined();
});

test('applying again changes nothing', async () => {
  await platform.apply(namespaceNamed('shop', { team: 'a' }));
  const before = platform.store.currentVersion();
  await platform.apply(namespaceNamed('shop', { team: 'a' }));
  expect(platform.store.currentVersion()).toBe(before);
});

test('deleting it removes everything in it, pods after their processes have ended, and nothing elsewhere', async () => {
  const inShop = workload('Deployment', 'web', { template: template({ app: 'web' }), replicas: 2 });
  const here = { ...inShop, metadata: { ...inShop.metadata, namespace: 'shop' } };
  const custom = { apiVersion: 'example.org/v1', kind: 'Thing', metadata: { name: 'thing', namespace: 'shop' } };
  await platform.apply(namespaceNamed('shop'), here, custom, workload('Deployment', 'other', { replicas: 1 }));
  await platform.runKubelet();
  await platform.store.delete(shop);
  await platform.settle();
  expect((await platform.store.get(shop))?.status).toEqual({ phase: 'Terminating' });
  expect((await platform.pods('shop')).every((pod) => pod.metadata.deletionTimestamp !== undefined)).toBe(true);
  await platform.runKubelet();
  expect(await platform.store.get(shop)).toBeUndefined();
  for (const kind of await platform.store.kinds()) {
    expect((await platform.store.list(kind, { namespace: 'shop' })).items, kind.kind).toEqual([]);
  }
  expect(await platform.pods('default')).toHaveLength(1);
});

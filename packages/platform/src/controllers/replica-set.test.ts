import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Pod, ReplicaSet } from './support/kinds.ts';
import { isDeleting } from './support/ownership.ts';
import { TestPlatform, template, workload } from './testing.ts';

let platform: TestPlatform;
beforeEach(() => {
  platform = new TestPlatform();
});
afterEach(() => platform.stop());

const replicaSet = async () => {
  const found = await platform.get<ReplicaSet>('ReplicaSet', 'web');
  if (found === undefined) throw new Error('the ReplicaSet is gone');
  return found;
};

test('creates pods with its template, its name as prefix, its reference and the finalizer of the kubelet', async () => {
  await platform.apply(workload('ReplicaSet', 'web', { replicas: 2 }));
  const pods = await platform.pods();
  expect(pods).toHaveLength(2);
  for (const pod of pods) {
    expect(pod.metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(pod.metadata.labels).toEqual({ app: 'web' });
    expect(pod.metadata.ownerReferences).toMatchObject([{ kind: 'ReplicaSet', name: 'web', controller: true }]);
    expect(pod.metadata.finalizers).toEqual(['meshwise.dev/kubelet']);
    expect(pod.spec?.serviceAccountName).toBe('default');
    expect(pod.status?.phase).toBe('Pending');
  }
});

test('settles: a second look writes nothing', async () => {
  await platform.apply(workload('ReplicaSet', 'web', { replicas: 3 }));
  await platform.runKubelet();
  const before = platform.store.currentVersion();
  await platform.apply(workload('ReplicaSet', 'web', { replicas: 3 }));
  expect(platform.store.currentVersion()).toBe(before);
  expect((await replicaSet()).status).toMatchObject({ replicas: 3, readyReplicas: 3, availableReplicas: 3 });
});

test('replaces a deleted pod at once, while the old one still ends', async () => {
  await platform.apply(workload('ReplicaSet', 'web', { replicas: 1 }));
  await platform.runKubelet();
  const [first] = await platform.pods();
  if (first === undefined) throw new Error('no pod');
  await platform.store.delete({ group: '', kind: 'Pod', namespace: 'default', name: first.metadata.name });
  await platform.settle();
  const pods = await platform.pods();
  expect(pods.map(isDeleting).sort()).toEqual([false, true]);
});

test('gives up pods that are not ready before pods that are', async () => {
  await platform.apply(workload('ReplicaSet', 'web', { replicas: 4 }));
  const pods = await platform.pods();
  const [, second, , fourth] = pods;
  for (const pod of [second, fourth]) if (pod !== undefined) await platform.setReady(pod, true);
  await platform.apply(workload('ReplicaSet', 'web', { replicas: 2 }));
  await platform.endDeleted();
  await platform.settle();
  const names = (await platform.pods()).map((pod) => pod.metadata.name).sort();
  expect(names).toEqual([second?.metadata.name, fourth?.metadata.name].sort());
});

test('adopts a matching pod that nobody controls, and leaves one that somebody else controls', async () => {
  const bare: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'lonely', namespace: 'default', labels: { app: 'web' } },
    spec: template({}).spec,
  };
  const other = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other', namespace: 'default' } };
  const { uid = '' } = (await platform.store.create(other)).metadata;
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'other', uid, controller: true };
  const owned: Pod = { ...bare, metadata: { ...bare.metadata, name: 'owned', ownerReferences: [owner] } };
  await platform.apply(bare, owned, workload('ReplicaSet', 'web', { replicas: 2 }));
  const names = (await platform.podsOf(await replicaSet())).map((pod) => pod.metadata.name);
  expect(names).toHaveLength(2);
  expect(names).toContain('lonely');
  expect(names).not.toContain('owned');
});

test('lets go of a pod whose label was taken away, and makes another', async () => {
  await platform.apply(workload('ReplicaSet', 'web', { replicas: 1 }));
  const [pod] = await platform.pods();
  if (pod === undefined) throw new Error('no pod');
  await platform.store.update({ ...pod, metadata: { ...pod.metadata, labels: { app: 'debugged' } } });
  await platform.settle();
  const pods = await platform.pods();
  expect(pods).toHaveLength(2);
  const released = pods.find((other) => other.metadata.name === pod.metadata.name);
  expect(released?.metadata.ownerReferences ?? []).toEqual([]);
});

test('its pods go with it', async () => {
  await platform.apply(workload('ReplicaSet', 'web', { replicas: 2 }));
  await platform.store.delete({ group: 'apps', kind: 'ReplicaSet', namespace: 'default', name: 'web' });
  await platform.runKubelet();
  expect(await platform.pods()).toEqual([]);
});

test('counts a pod as available only after minReadySeconds', async () => {
  await platform.apply(workload('ReplicaSet', 'web', { replicas: 1, minReadySeconds: 10 }));
  await platform.runKubelet();
  expect((await replicaSet()).status).toMatchObject({ readyReplicas: 1, availableReplicas: 0 });
  await platform.clock.advance(10_000);
  await platform.settle();
  expect((await replicaSet()).status).toMatchObject({ readyReplicas: 1, availableReplicas: 1 });
});

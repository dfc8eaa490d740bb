import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StatefulSet } from '../support/kinds.ts';
import { TestPlatform, template, workload } from '../testing.ts';

let platform: TestPlatform;
beforeEach(() => {
  platform = new TestPlatform();
});
afterEach(() => platform.stop());

const db = (spec: object, version = 'v1') =>
  workload('StatefulSet', 'db', {
    serviceName: 'db',
    template: template({ app: 'db' }, `meshwise/example:${version}`),
    ...spec,
  });
const names = async () => (await platform.pods()).map((pod) => pod.metadata.name);
const versions = async () =>
  Object.fromEntries(
    (await platform.pods()).map((pod) => [pod.metadata.name, pod.spec?.containers[0]?.image?.split(':')[1]]),
  );
const status = async () => (await platform.get<StatefulSet>('StatefulSet', 'db'))?.status;

test('makes numbered pods one after the other, each with its host name', async () => {
  await platform.apply(db({ replicas: 3 }));
  expect(await names()).toEqual(['db-0']);
  await platform.runKubelet();
  const pods = await platform.pods();
  expect(pods.map((pod) => pod.metadata.name)).toEqual(['db-0', 'db-1', 'db-2']);
  expect(pods[1]?.spec).toMatchObject({ hostname: 'db-1', subdomain: 'db' });
  expect(pods[1]?.metadata.labels).toMatchObject({
    'statefulset.kubernetes.io/pod-name': 'db-1',
    'apps.kubernetes.io/pod-index': '1',
  });
  expect(await status()).toMatchObject({ replicas: 3, readyReplicas: 3, currentReplicas: 3, updatedReplicas: 3 });
});

test('with Parallel all pods come at once', async () => {
  await platform.apply(db({ replicas: 3, podManagementPolicy: 'Parallel' }));
  expect(await names()).toEqual(['db-0', 'db-1', 'db-2']);
});

test('a deleted pod comes back under its name, after the old one is gone', async () => {
  await platform.apply(db({ replicas: 2 }));
  await platform.runKubelet();
  const before = await platform.pods();
  await platform.store.delete({ group: '', kind: 'Pod', namespace: 'default', name: 'db-0' });
  await platform.settle();
  expect(await names()).toEqual(['db-0', 'db-1']);
  await platform.runKubelet();
  const after = await platform.pods();
  expect(after.map((pod) => pod.metadata.name)).toEqual(['db-0', 'db-1']);
  expect(after[0]?.metadata.uid).not.toBe(before[0]?.metadata.uid);
  expect(after[1]?.metadata.uid).toBe(before[1]?.metadata.uid);
});

test('an update stops at the partition; a pod below it that has to be made again keeps the old version', async () => {
  const partitioned = { replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } };
  await platform.apply(db(partitioned));
  await platform.runKubelet();
  await platform.apply(db(partitioned, 'v2'));
  await platform.runKubelet();
  expect(await versions()).toEqual({ 'db-0': 'v1', 'db-1': 'v1', 'db-2': 'v2' });
  await platform.store.delete({ group: '', kind: 'Pod', namespace: 'default', name: 'db-0' });
  await platform.runKubelet();
  expect(await versions()).toEqual({ 'db-0': 'v1', 'db-1': 'v1', 'db-2': 'v2' });
  const during = await status();
  expect(during?.currentRevision).not.toBe(during?.updateRevision);
  await platform.apply(db({ replicas: 3, updateStrategy: { type: 'RollingUpdate' } }, 'v2'));
  await platform.runKubelet();
  expect(await versions()).toEqual({ 'db-0': 'v2', 'db-1': 'v2', 'db-2': 'v2' });
  const after = await status();
  expect(after?.currentRevision).toBe(after?.updateRevision);
});

test('applying twice changes nothing the second time', async () => {
  await platform.apply(db({ replicas: 2 }));
  await platform.runKubelet();
  const before = platform.store.currentVersion();
  await platform.apply(db({ replicas: 2 }));
  expect(platform.store.currentVersion()).toBe(before);
});

test('shrinking takes the highest pods, one at a time', async () => {
  await platform.apply(db({ replicas: 3 }));
  await platform.runKubelet();
  await platform.apply(db({ replicas: 1 }));
  const ending = (await platform.pods()).filter((pod) => pod.metadata.deletionTimestamp !== undefined);
  expect(ending.map((pod) => pod.metadata.name)).toEqual(['db-2']);
  await platform.runKubelet();
  expect(await names()).toEqual(['db-0']);
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findCondition } from '../support/conditions.ts';
import { type Deployment, REPLICA_SET, type ReplicaSet } from '../support/kinds.ts';
import { isReady } from '../support/pods.ts';
import { TestPlatform, template, workload } from '../testing.ts';

let platform: TestPlatform;
beforeEach(() => {
  platform = new TestPlatform();
});
afterEach(() => platform.stop());

const web = (spec: object, image = 'meshwise/example:v1') =>
  workload('Deployment', 'web', { template: template({ app: 'web' }, image), ...spec });

async function deployment(): Promise<Deployment> {
  const found = await platform.get<Deployment>('Deployment', 'web');
  if (found === undefined) throw new Error('the Deployment is gone');
  return found;
}

async function sets(): Promise<readonly ReplicaSet[]> {
  const { items } = await platform.store.list(REPLICA_SET, { namespace: 'default' });
  const revision = (set: ReplicaSet) => Number(set.metadata.annotations?.['deployment.kubernetes.io/revision']);
  return (items as ReplicaSet[]).sort((a, b) => revision(a) - revision(b));
}

const images = async () => (await platform.pods()).map((pod) => pod.spec?.containers[0]?.image);
const sizes = async () => (await sets()).map((set) => set.spec?.replicas);

test('rolls out: one ReplicaSet named by the template hash, ready pods, conditions and revision', async () => {
  await platform.apply(web({ replicas: 3 }));
  await platform.runKubelet();
  const [set] = await sets();
  const hash = set?.metadata.labels?.['pod-template-hash'];
  expect(set?.metadata.name).toBe(`web-${hash}`);
  expect(set?.spec?.selector.matchLabels).toEqual({ app: 'web', 'pod-template-hash': hash });
  const { metadata, status } = await deployment();
  expect(metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('1');
  expect(status).toMatchObject({
    observedGeneration: metadata.generation,
    replicas: 3,
    updatedReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    unavailableReplicas: 0,
  });
  expect(findCondition(status?.conditions, 'Available')).toMatchObject({ status: 'True' });
  expect(findCondition(status?.conditions, 'Progressing')).toMatchObject({
    status: 'True',
    reason: 'NewReplicaSetAvailable',
  });
});

test('applying twice changes nothing the second time', async () => {
  await platform.apply(web({ replicas: 3 }));
  await platform.runKubelet();
  const before = platform.store.currentVersion();
  await platform.apply(web({ replicas: 3 }));
  await platform.clock.advance(3_600_000);
  await platform.settle();
  expect(platform.store.currentVersion()).toBe(before);
});

test('a new template replaces pods one by one within the fences and becomes revision 2', async () => {
  await platform.apply(web({ replicas: 3 }));
  await platform.runKubelet();
  await platform.apply(web({ replicas: 3 }, 'meshwise/example:v2'));
  expect(await sizes()).toEqual([3, 1]);
  await platform.runKubelet();
  expect(await sizes()).toEqual([0, 3]);
  expect(await images()).toEqual(Array.from({ length: 3 }, () => 'meshwise/example:v2'));
  expect((await deployment()).metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2');
});

test('an earlier template takes its old ReplicaSet again, as a newer revision', async () => {
  for (const image of ['meshwise/example:v1', 'meshwise/example:v2', 'meshwise/example:v1']) {
    await platform.apply(web({ replicas: 2 }, image));
    await platform.runKubelet();
  }
  expect(await sizes()).toEqual([0, 2]);
  expect((await deployment()).metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
  expect(await images()).toEqual(['meshwise/example:v1', 'meshwise/example:v1']);
});

test('Recreate makes no new pod while an old one is still ending', async () => {
  const recreate = { replicas: 2, strategy: { type: 'Recreate' } };
  await platform.apply(web(recreate));
  await platform.runKubelet();
  await platform.apply(web(recreate, 'meshwise/example:v2'));
  expect(await images()).toEqual(['meshwise/example:v1', 'meshwise/example:v1']);
  await platform.endDeleted();
  await platform.settle();
  expect(await images()).toEqual(['meshwise/example:v2', 'meshwise/example:v2']);
});

test('paused: a new template waits, scaling does not, and resuming goes on', async () => {
  await platform.apply(web({ replicas: 2 }));
  await platform.runKubelet();
  await platform.apply(web({ replicas: 3, paused: true }, 'meshwise/example:v2'));
  await platform.runKubelet();
  expect(await images()).toEqual(Array.from({ length: 3 }, () => 'meshwise/example:v1'));
  expect(findCondition((await deployment()).status?.conditions, 'Progressing')).toMatchObject({
    reason: 'DeploymentPaused',
  });
  await platform.apply(web({ replicas: 3, paused: false }, 'meshwise/example:v2'));
  await platform.runKubelet();
  expect(await images()).toEqual(Array.from({ length: 3 }, () => 'meshwise/example:v2'));
});

test('scaling in the middle of a rollout keeps the proportions of old and new', async () => {
  const slow = { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } } };
  await platform.apply(web({ replicas: 10, ...slow }));
  await platform.runKubelet();
  await platform.apply(web({ replicas: 10, ...slow }, 'meshwise/example:v2'));
  await platform.endDeleted();
  await platform.settle();
  expect(await sizes()).toEqual([8, 5]);
  await platform.apply(web({ replicas: 15, ...slow }, 'meshwise/example:v2'));
  expect(await sizes()).toEqual([11, 7]);
});

test('keeps as many old ReplicaSets as revisionHistoryLimit says', async () => {
  for (const version of ['v1', 'v2', 'v3', 'v4', 'v5']) {
    await platform.apply(web({ replicas: 1, revisionHistoryLimit: 2 }, `meshwise/example:${version}`));
    await platform.runKubelet();
  }
  expect(await sizes()).toEqual([0, 0, 1]);
});

describe('the progress deadline', () => {
  test('is reported when nothing moves for that long, and withdrawn when pods come up after all', async () => {
    await platform.apply(web({ replicas: 1, progressDeadlineSeconds: 60 }));
    const progressing = async () => findCondition((await deployment()).status?.conditions, 'Progressing');
    expect(await progressing()).toMatchObject({ status: 'True' });
    await platform.clock.advance(59_000);
    await platform.settle();
    expect(await progressing()).toMatchObject({ status: 'True' });
    await platform.clock.advance(2_000);
    await platform.settle();
    expect(await progressing()).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' });
    await platform.runKubelet();
    expect(await progressing()).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' });
  });

  test('does not turn a finished rollout into a failed one when a pod becomes unready later', async () => {
    await platform.apply(web({ replicas: 2, progressDeadlineSeconds: 60 }));
    await platform.runKubelet();
    const [pod] = await platform.pods();
    if (pod !== undefined) await platform.setReady(pod, false);
    await platform.clock.advance(120_000);
    await platform.settle();
    const { status } = await deployment();
    expect(findCondition(status?.conditions, 'Progressing')).toMatchObject({ status: 'True' });
    expect(status).toMatchObject({ readyReplicas: 1, unavailableReplicas: 1 });
  });
});

test('a broken new version never takes the old one down', async () => {
  await platform.apply(web({ replicas: 4 }));
  await platform.runKubelet();
  await platform.apply(web({ replicas: 4 }, 'meshwise/example:broken'));
  await platform.endDeleted();
  await platform.settle();
  const ready = (await platform.pods()).filter(isReady);
  expect(ready).toHaveLength(3);
  expect(ready.every((pod) => pod.spec?.containers[0]?.image === 'meshwise/example:v1')).toBe(true);
  expect(findCondition((await deployment()).status?.conditions, 'Available')).toMatchObject({ status: 'True' });
});

test('everything of a deleted Deployment goes', async () => {
  await platform.apply(web({ replicas: 2 }));
  await platform.runKubelet();
  await platform.store.delete({ group: 'apps', kind: 'Deployment', namespace: 'default', name: 'web' });
  await platform.runKubelet();
  expect(await platform.pods()).toEqual([]);
  expect(await sets()).toEqual([]);
});

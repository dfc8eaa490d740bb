import type { RunningProxy } from '@meshwise/platform';
import { SqliteResourceStore } from '@meshwise/resources/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProxies } from './find-proxy.ts';

const store = new SqliteResourceStore({ path: ':memory:' });
const proxies: RunningProxy[] = [];

async function workload(name: string, pod: string): Promise<void> {
  const metadata = { name, namespace: 'shop' };
  const owner = await store.create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata });
  const own = (of: typeof owner) => [
    { apiVersion: of.apiVersion, kind: of.kind, name: of.metadata.name, uid: of.metadata.uid ?? '' },
  ];
  const set = await store.create({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: `${name}-1`, namespace: 'shop', ownerReferences: own(owner) },
  });
  const { uid = '' } = (
    await store.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: pod, namespace: 'shop', ownerReferences: own(set) },
    })
  ).metadata;
  const descriptor = { id: `sidecar~${pod}`, role: 'sidecar', namespace: 'shop', labels: {}, workloads: [] } as const;
  const state = { process: 'running', pid: 1, restarts: 0, lastExit: undefined } as const;
  proxies.push({ descriptor, pod: { namespace: 'shop', name: pod, uid }, adminSocketPath: '', state });
}

beforeAll(async () => {
  await workload('web', 'web-1-a');
  await workload('web-canary', 'web-canary-1-b');
});
afterAll(() => store.close());

describe('the proxies that a target means', () => {
  const find = async (target?: string, namespace?: string) =>
    (await findProxies(store, proxies, target, namespace)).map(({ pod }) => pod?.name);

  it.each([
    ['deploy/web', ['web-1-a']],
    ['deployment/web-canary', ['web-canary-1-b']],
    ['web-1-a', ['web-1-a']],
    ['shop/web-1-a', ['web-1-a']],
    ['sidecar~web-1-a', ['web-1-a']],
    ['web-canary', ['web-canary-1-b']],
    [undefined, ['web-1-a', 'web-canary-1-b']],
  ])('%s: those of that workload or pod, and no other with the same beginning', async (target, pods) => {
    expect(await find(target)).toEqual(pods);
  });

  it('are none of another namespace, and an error that says where to look when there are none', async () => {
    expect(await find(undefined, 'other')).toEqual([]);
    await expect(find('deploy/nope')).rejects.toMatchObject({
      code: 'MW2001',
      advice: expect.stringContaining('proxy list'),
    });
  });
});

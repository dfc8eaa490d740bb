import type { CallView } from '@meshwise/api';
import type { Resource } from '@meshwise/resources';
import { SqliteResourceStore } from '@meshwise/resources/node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callersOf, sumCalls } from './figures.ts';
import { shiftTargets } from './targets.ts';
import { REVIEWS } from './testing.ts';

const call = (
  from: string,
  subset: string,
  requestsPerSecond: number,
  errorPercent: number,
  p99: number,
): CallView => ({
  from,
  service: 'default/reviews',
  host: 'reviews.default.svc.cluster.local',
  port: 9080,
  subset,
  mutualTls: true,
  traffic: { requestsPerSecond, errorPercent, latencyP50Ms: 1, latencyP99Ms: p99 },
});
const CALLS = [call('default/a', 'v1', 30, 0, 12), call('default/b', 'v1', 10, 40, 80)];

const pod = (version: string, ready: boolean): Resource => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `reviews-${version}`, namespace: 'default', labels: { app: 'reviews', version } },
  status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});

describe('what can be shifted', () => {
  let store: SqliteResourceStore;
  const targets = () => shiftTargets(store, CALLS, 'cluster.local');
  const apply = async (...resources: readonly Resource[]) => {
    for (const resource of resources) {
      await store.apply(resource, { fieldManager: 'helm', force: true });
      if (resource.status !== undefined) await store.updateStatus(resource);
    }
  };

  beforeEach(() => {
    store = new SqliteResourceStore({ path: ':memory:' });
  });
  afterEach(() => store.close());

  test('is a route with its versions, those it could go to among them, and what each does now', async () => {
    await apply(...REVIEWS, pod('v1', true), pod('v3', false));
    const [target] = await targets();
    expect(target).toMatchObject({
      namespace: 'default',
      host: 'reviews.default.svc.cluster.local',
      virtualService: 'reviews',
      route: 0,
      matches: ['everything'],
      managedBy: 'helm',
      reason: null,
      versions: [
        { name: 'v1', weight: null, percent: 100, podsReady: 1 },
        { name: 'v2', weight: null, percent: 0, podsReady: 0 },
        { name: 'v3', weight: null, percent: 0, podsReady: 0 },
      ],
    });
    expect(target?.versions[0]?.traffic).toMatchObject({ requestsPerSecond: 40, errorPercent: 10, latencyP99Ms: 80 });
    expect(target?.versions[2]?.traffic).toMatchObject({ requestsPerSecond: null, latencyP99Ms: null });
  });

  test('is not a service that no VirtualService routes, and it is said why', async () => {
    await apply(...REVIEWS.slice(0, 2));
    expect(await targets()).toMatchObject([
      { virtualService: null, reason: expect.stringContaining('no VirtualService') },
    ]);
  });

  test('is not a route with a single version', async () => {
    const spec = { hosts: ['a'], http: [{ route: [{ destination: { host: 'a' } }] }] };
    await apply({ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'a' }, spec });
    expect(await targets()).toEqual([]);
  });

  test('names its callers, the busiest first, and knows no rate where nobody calls', () => {
    expect(callersOf([...CALLS, call('default/c', 'v1', 0, 0, 0)])).toEqual([
      { workload: 'default/a', requestsPerSecond: 30 },
      { workload: 'default/b', requestsPerSecond: 10 },
    ]);
    expect(sumCalls([]).requestsPerSecond).toBeNull();
  });
});

import type { MeshModel, OutboundPlan } from '@meshwise/model';
import type { RunningProxy } from '@meshwise/platform';
import type { Resource, ResourceKey } from '@meshwise/resources';
import { describe, expect, test } from 'vitest';
import type { Figures } from './figures.ts';
import { TrafficQuery } from './query.ts';

/** Requests of 10 ms, but the last one, of 2 s. */
function figures(requests: number, failures = 0): Figures {
  const latencies = new Map([
    [10, { width: 1, count: requests - 1 }],
    [2_000, { width: 100, count: 1 }],
  ]);
  return { requests, failures, latencies };
}

const owned = (kind: string, name: string) => [{ apiVersion: 'apps/v1', kind, name, uid: name }];
const named = (apiVersion: string, kind: string, name: string, more: object = {}, rest: object = {}): Resource =>
  ({ apiVersion, kind, metadata: { namespace: 'default', name, ...more }, ...rest }) as Resource;
const pod = (name: string, app: string, version: string) =>
  named('v1', 'Pod', name, { labels: { app, version }, ownerReferences: owned('ReplicaSet', `${app}-${version}-rs`) });
const workload = (name: string) => [
  named('apps/v1', 'Deployment', name, { labels: { app: name.split('-')[0] } }),
  named('apps/v1', 'ReplicaSet', `${name}-rs`, { ownerReferences: owned('Deployment', name) }),
];
const service = (name: string, selector: object) => named('v1', 'Service', name, {}, { spec: { selector } });

const resources: readonly Resource[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } },
  ...['page-v1', 'reviews-v1', 'reviews-v2'].flatMap(workload),
  pod('page', 'page', 'v1'),
  pod('r1', 'reviews', 'v1'),
  pod('r2', 'reviews', 'v2'),
  service('page', { app: 'page' }),
  service('reviews', { app: 'reviews' }),
  service('reviews-v1', { app: 'reviews', version: 'v1' }),
  named(
    'split.smi-spec.io/v1alpha1',
    'TrafficSplit',
    'canary',
    {},
    {
      spec: { service: 'reviews', backends: [{ service: 'reviews-v1', weight: '500m' }] },
    },
  ),
];

const cluster = (host: string) => `outbound|80||${host}.default.svc.cluster.local`;
const outbound = {
  clusters: ['reviews', 'reviews-v1'].map((host) => ({
    name: cluster(host),
    host: `${host}.default.svc.cluster.local`,
  })),
  endpoints: [
    {
      cluster: cluster('reviews'),
      endpoints: ['r1', 'r2'].map((name) => ({ workload: { namespace: 'default', pod: name } })),
    },
    { cluster: cluster('reviews-v1'), endpoints: [{ workload: { namespace: 'default', pod: 'r1' } }] },
  ],
} as unknown as OutboundPlan;

const query = new TrafficQuery({
  store: {
    list: async ({ group, kind }) => ({
      items: resources.filter((one) => one.kind === kind && one.apiVersion.startsWith(group)),
      resourceVersion: '1',
    }),
    get: async ({ kind, namespace, name }: ResourceKey) =>
      resources.find(
        ({ kind: own, metadata }) => own === kind && metadata.name === name && (metadata.namespace ?? '') === namespace,
      ),
  },
  model: { scopeOf: () => '', outbound: () => outbound } satisfies Pick<MeshModel, 'scopeOf' | 'outbound'>,
  proxies: () =>
    ['page', 'r1', 'r2'].map(
      (name) => ({ descriptor: { id: name }, pod: { namespace: 'default', name, uid: name } }) as RunningProxy,
    ),
  recorder: {
    window: async () => ({
      atMs: Date.UTC(2026, 0, 2),
      elapsedMs: 30_250.4,
      proxies: new Map([
        [
          'page',
          {
            served: figures(0),
            sent: new Map([
              [cluster('reviews'), figures(60, 6)],
              [cluster('reviews-v1'), figures(40)],
            ]),
          },
        ],
        ['r1', { served: figures(70, 1), sent: new Map() }],
        ['r2', { served: figures(30, 5), sent: new Map() }],
      ]),
    }),
  },
});

const count = ({ metrics }: { metrics: readonly { name: string; value: string }[] }) =>
  ['success_count', 'failure_count'].map((name) => metrics.find((metric) => metric.name === name)?.value).join('+');

describe('TrafficMetrics (000-43)', () => {
  test('of a pod are what it received, with latencies in seconds and the window as it was', async () => {
    expect(await query.get('pods', 'default', 'r1')).toEqual({
      apiVersion: 'metrics.smi-spec.io/v1alpha1',
      kind: 'TrafficMetrics',
      resource: { kind: 'Pod', namespace: 'default', name: 'r1' },
      edge: { direction: 'from', side: 'server', resource: {} },
      timestamp: '2026-01-02T00:00:00.000Z',
      window: '30.25s',
      metrics: [
        { name: 'p99_response_latency', unit: 'seconds', value: '2100m' },
        { name: 'p90_response_latency', unit: 'seconds', value: '11m' },
        { name: 'p50_response_latency', unit: 'seconds', value: '11m' },
        { name: 'success_count', value: '69' },
        { name: 'failure_count', value: '1' },
      ],
    });
  });

  test('of what contains pods are the sum of them', async () => {
    const of = async (plural: string, name: string) => count((await query.get(plural, 'default', name)) as never);
    expect(await of('deployments', 'reviews-v2')).toBe('25+5');
    expect(await of('replicasets', 'reviews-v1-rs')).toBe('69+1');
    expect(await of('services', 'reviews')).toBe('94+6');
    expect(count((await query.get('namespaces', undefined, 'default')) as never)).toBe('94+6');
  });

  test('are listed by kind, and a selector chooses items rather than figures', async () => {
    const all = await query.list('deployments', 'default');
    expect(all.resource).toEqual({ kind: 'Deployment', namespace: 'default' });
    expect(all.items.map(({ resource }) => resource.name)).toEqual(['page-v1', 'reviews-v1', 'reviews-v2']);
    const some = await query.list('deployments', undefined, 'app=page,version notin (v9)');
    expect(some.items.map(({ resource }) => resource.name)).toEqual(['page-v1']);
    expect(some.selector).toEqual({
      matchLabels: { app: 'page' },
      matchExpressions: [{ key: 'version', operator: 'NotIn', values: ['v9'] }],
    });
  });

  test('of edges are seen at the client, and one of several receivers has no name', async () => {
    const edges = async (plural: string, name: string) =>
      (await query.edges(plural, 'default', name)).items.map(
        (one) => `${one.edge.direction} ${one.edge.resource.name ?? '?'} ${one.edge.side} ${count(one)}`,
      );
    expect(await edges('services', 'page')).toEqual(['to reviews client 54+6', 'to reviews-v1 client 40+0']);
    expect(await edges('services', 'reviews-v1')).toEqual(['from page client 40+0']);
    expect(await edges('deployments', 'page-v1')).toEqual(['to ? client 54+6', 'to reviews-v1 client 40+0']);
    expect(await edges('deployments', 'reviews-v1')).toEqual(['from page-v1 client 40+0']);
    expect(await edges('pods', 'r2')).toEqual([]);
  });

  test('of a TrafficSplit have an item for each backend, and its edges are the pods that sent', async () => {
    const split = await query.get('trafficsplits', 'default', 'canary');
    expect(split).toMatchObject({
      kind: 'TrafficMetricsList',
      items: [
        {
          edge: { direction: 'from', side: 'client', resource: {} },
          backend: { apex: 'reviews', name: 'reviews-v1', weight: 0.5 },
        },
      ],
    });
    const edges = await query.edges('trafficsplits', 'default', 'canary');
    expect(edges.items.map(({ edge, ...one }) => [edge.resource.name, count(one)])).toEqual([['page', '40+0']]);
  });

  test('of what is not there, or not measured, are an error that says so', async () => {
    await expect(query.get('pods', 'default', 'gone')).rejects.toMatchObject({ code: 'MW2001' });
    await expect(query.list('jobs', 'default')).rejects.toMatchObject({ code: 'MW6007' });
  });

  test('name the kinds that there are', () => {
    expect(query.resources().resources).toContainEqual({
      name: 'pods',
      singularName: '',
      namespaced: true,
      kind: 'TrafficMetrics',
      verbs: ['get', 'list'],
    });
  });
});

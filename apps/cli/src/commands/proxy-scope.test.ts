import type { CallView } from '@meshwise/api';
import { parseResources } from '@meshwise/resources';
import { describe, expect, test } from 'vitest';
import { proxyView, statusView } from '../testing/fixtures.ts';
import { bench } from '../testing/run-cli.ts';

const call = (from: string, service: string | null, host: string): CallView => ({
  ...{ from, service, host, port: 80, subset: null, mutualTls: null },
  traffic: { requestsPerSecond: null, errorPercent: null, latencyP50Ms: null, latencyP99Ms: null },
});
const workload = (name: string) => ({
  ...(statusView().workloads[0] as ReturnType<typeof statusView>['workloads'][number]),
  namespace: 'default',
  name,
  kind: 'Deployment',
});
const calls = [
  call('default/reviews-v1', 'default/ratings', 'ratings.default.svc.cluster.local'),
  call('default/reviews-v1', 'shop/stock', 'stock.shop.svc.cluster.local'),
  call('default/reviews-v1', 'shop/stock', 'stock.shop.svc.cluster.local'),
  call('default/reviews-v1', null, 'api.example.com'),
  call('default/productpage-v1', 'default/reviews', 'reviews.default.svc.cluster.local'),
];
const handlers = {
  status: () => ({
    body: statusView({
      workloads: [workload('reviews-v1'), workload('ratings-v1')],
      proxies: [proxyView('reviews-v1-aaa'), proxyView('ratings-v1-bbb')],
      calls,
    }),
  }),
  resources: ({ name = '' }: { readonly name?: unknown }) => ({
    body: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespaced: true,
      resourceVersion: '1',
      items: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: String(name), namespace: 'default' },
          spec: { selector: { matchLabels: { app: String(name) } } },
        },
      ],
    },
  }),
};

describe('meshwise proxy scope (lean sidecars)', () => {
  test('prints Sidecars of what was called, which can be applied as they are', async () => {
    const { meshwise } = await bench({ handlers });
    const { code, stdout, stderr } = await meshwise('proxy scope -o yaml');
    expect(code).toBe(0);
    expect(stderr).toContain('a call that was not made yet');
    const { resources, problems } = parseResources(stdout, { file: 'scope.yaml' });
    expect(problems).toEqual([]);
    expect(resources.map(({ resource }) => [resource.metadata.name, resource.spec])).toEqual([
      [
        'reviews-v1',
        {
          workloadSelector: { labels: { app: 'reviews-v1' } },
          egress: [
            {
              hosts: ['*/api.example.com', './ratings.default.svc.cluster.local', 'shop/stock.shop.svc.cluster.local'],
            },
          ],
        },
      ],
      ['ratings-v1', { workloadSelector: { labels: { app: 'ratings-v1' } }, egress: [{ hosts: ['~/*'] }] }],
    ]);
  });

  test('shows for one workload how much of the mesh it needs', async () => {
    const { meshwise } = await bench({ handlers });
    const { stdout } = await meshwise('proxy scope deploy/reviews-v1');
    const [headings, row, end] = stdout.split('\n').map((line) => line.split(/ {2,}/));
    expect(headings).toEqual(['WORKLOAD', 'CALLS', 'HOSTS']);
    expect(row?.[0]).toBe('default/reviews-v1');
    expect(row?.[1]).toMatch(/^3 of \d+$/);
    expect(end).toEqual(['']);
  });
});

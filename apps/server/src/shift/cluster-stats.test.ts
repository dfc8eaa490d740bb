import { expect, test } from 'vitest';
import { parseClusterStats } from './cluster-stats.ts';

const cluster = 'outbound|9080|v2|reviews.default.svc.cluster.local';
const name = (stat: string) => `cluster.${cluster};.${stat}`;

test('a cluster has its requests, its failures and its latencies by Envoy’s buckets', () => {
  const stats = parseClusterStats({
    stats: [
      { name: name('upstream_rq_completed'), value: 60 },
      { name: name('upstream_rq_5xx'), value: 3 },
      {
        histograms: {
          details: [
            { name: name('external.upstream_rq_time'), totals: [{ lower_bound: 900, width: 10, count: 9 }] },
            {
              name: name('upstream_rq_time'),
              totals: [
                { lower_bound: 1, width: 0.1, count: 35 },
                { lower_bound: 220.00000000000003, width: 10.000000000000002, count: 1 },
              ],
            },
          ],
        },
      },
    ],
  });
  expect([...stats.keys()]).toEqual([cluster]);
  expect(stats.get(cluster)).toEqual({
    requests: 60,
    errors: 3,
    latencies: new Map([
      [1, { width: 0.1, count: 35 }],
      [220, { width: 10, count: 1 }],
    ]),
  });
});

test('a proxy that was never used has nothing to tell', () => {
  expect(parseClusterStats({}).size).toBe(0);
});

import { expect, test } from 'vitest';
import { parseStats } from './envoy-admin.ts';

test('statistics are names, which may hold colons and dots, with whole numbers', () => {
  const text = [
    'cluster.outbound|9080||details.default.svc.cluster.local;.upstream_rq_total: 12',
    'http.outbound_10.0.0.1:9080.rq_total: 3',
    'control_plane.identifier: "x"',
    'cluster.a;.upstream_rq_time: P0(1,1) P25(1,1)',
    '',
  ].join('\n');
  expect([...parseStats(text)]).toEqual([
    ['cluster.outbound|9080||details.default.svc.cluster.local;.upstream_rq_total', 12],
    ['http.outbound_10.0.0.1:9080.rq_total', 3],
  ]);
});

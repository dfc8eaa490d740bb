import { expect, test } from 'vitest';
import { parsePrometheus } from './prometheus.ts';

test('lines are samples, comments and what is no line are left out, escapes are undone', () => {
  const text = [
    '# TYPE envoy_cluster_upstream_rq counter',
    'envoy_cluster_upstream_rq{response_code="200",cluster_name="outbound|9080||a.b"} 12',
    'up 1',
    'odd{a="x\\"y\\\\z\\nn",b=""} +Inf',
    'nonsense',
    '',
  ].join('\n');
  expect(parsePrometheus(text)).toEqual([
    {
      name: 'envoy_cluster_upstream_rq',
      labels: { response_code: '200', cluster_name: 'outbound|9080||a.b' },
      value: 12,
    },
    { name: 'up', labels: {}, value: 1 },
    { name: 'odd', labels: { a: 'x"y\\z\nn', b: '' }, value: Number('+Inf') },
  ]);
});

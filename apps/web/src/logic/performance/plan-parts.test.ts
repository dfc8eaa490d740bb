import { completePlan, describePlan } from '@meshwise/load';
import { expect, test } from 'vitest';
import { planParts } from './plan-parts.ts';

test.each(['http1', 'http2', 'grpc'] as const)('the plan of %s parts where it begins to say how', (protocol) => {
  const plan = completePlan({ protocol, rps: 100 }, 'http://127.0.0.1:9080/a.Service/Method', { cores: 2, seed: 0 });
  const words = ['Load comes from a pod of its own', ...describePlan(plan)];
  const { what, how } = planParts(words);
  expect([...what, ...how]).toEqual(words);
  expect(what.at(-1)).toContain('http://127.0.0.1:9080/a.Service/Method');
  expect(how.length).toBeGreaterThan(3);
});

test('words without a protocol stay together', () => {
  expect(planParts(['anything'])).toEqual({ what: ['anything'], how: [] });
});

import { RunRequest } from '@meshwise/api';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { readForm } from './form-request.ts';
import { EMPTY_FORM, type PlanForm } from './plan-form.ts';

const form = (change: Partial<PlanForm> = {}): PlanForm => ({
  ...EMPTY_FORM,
  target: 'reviews.default:9080',
  ...change,
});

test('what was not said is not asked for, so that defaults are those of the daemon', () => {
  expect(readForm(form())).toEqual({
    request: { target: 'reviews.default:9080', load: { rps: 100, durationMs: 30_000 } },
    problems: {},
  });
});

test.each<[string, Partial<PlanForm>, object]>([
  ['a closed loop without a cap', { pace: 'closed' }, { rps: 'max', closed: true, durationMs: 30_000 }],
  ['a closed loop with a cap', { pace: 'closed', cap: '1,000' }, { rps: 1000, closed: true, durationMs: 30_000 }],
  [
    'stages',
    { pace: 'stages', stages: [{ from: '0', to: '500', duration: '1m30s' }] },
    { stages: [{ fromRps: 0, toRps: 500, durationMs: 90_000 }] },
  ],
  [
    'a request',
    { method: 'post', headers: [{ name: 'x-a', value: '1' }], body: '{}' },
    {
      rps: 100,
      durationMs: 30_000,
      requests: [{ method: 'POST', headers: [['x-a', '1']], body: { encoding: 'utf8', content: '{}' } }],
    },
  ],
  [
    'connections',
    { connections: '8', keepAlive: false, burst: true, verify: false },
    { rps: 100, durationMs: 30_000, connections: 8, keepAlive: false, burst: true, tls: { verify: false } },
  ],
])('%s is what the contract calls it', (_name, change, load) => {
  const { request, problems } = readForm(form(change));
  expect(problems).toEqual({});
  expect(request.load).toEqual(load);
  expect(Value.Check(RunRequest, request)).toBe(true);
});

test('criteria, comparison and consent', () => {
  const { request } = readForm(
    form({ p99: '50ms', errors: '1%', compare: true, rounds: '5', block: '10s', yes: true }),
  );
  expect(request).toMatchObject({
    criteria: [
      { metric: 'responseP99Ms', limit: 50 },
      { metric: 'errorPercent', limit: 1 },
    ],
    compareMesh: { rounds: 5, blockMs: 10_000 },
    yes: true,
  });
  expect(Value.Check(RunRequest, request)).toBe(true);
});

test.each<[keyof PlanForm, Partial<PlanForm>]>([
  ['target', { target: ' ' }],
  ['rps', { rps: 'fast' }],
  ['rps', { rps: '' }],
  ['rps', { rps: '0' }],
  ['duration', { duration: '30' }],
  ['connections', { connections: '1.5' }],
  ['errors', { errors: '101' }],
  ['stages', { pace: 'stages', stages: [{ from: '0', to: 'x', duration: '1m' }] }],
  ['headers', { headers: [{ name: 'a b', value: '' }] }],
  ['method', { method: 'G T' }],
  ['compare', { compare: true, target: 'http://127.0.0.1:8080/' }],
])('a wrong %s is said beside its field', (field, change) => {
  expect(Object.keys(readForm(form(change)).problems)).toEqual([field]);
});

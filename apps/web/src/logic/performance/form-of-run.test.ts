import { completePlan } from '@meshwise/load';
import { expect, test } from 'vitest';
import { runRecord } from '../../../test/performance-fixtures.ts';
import { formOfRun } from './form-of-run.ts';
import { readForm } from './form-request.ts';
import { ADVANCED, type AdvancedGroup, changedCount, EMPTY_FORM } from './plan-form.ts';

const URL_TEXT = 'http://productpage.default:9080/productpage';
const GROUPS = Object.keys(ADVANCED) as AdvancedGroup[];

test('a run asked for again is asked for as before, and no default counts as changed', () => {
  const form = formOfRun(runRecord());
  expect(readForm(form)).toMatchObject({
    problems: {},
    request: { target: 'productpage.default:9080/productpage', from: 'inside', load: { rps: 200, durationMs: 30_000 } },
  });
  expect(GROUPS.map((group) => changedCount(form, group))).toEqual([0, 0, 0]);
});

test.each([
  { rps: 'max' as const, closed: true, durationMs: 5_000 },
  { stages: [{ fromRps: 10, toRps: 200, durationMs: 20_000 }], connections: 3, arrivals: 'poisson' as const },
  { rps: 50, durationMs: 10_000, burst: true, keepAlive: false, timeoutMs: 1_500, warmUpMs: 0 },
  { rps: 50, durationMs: 10_000, requests: [{ method: 'PUT', body: { encoding: 'utf8' as const, content: 'x' } }] },
])('the plan of the filled form is the plan of the run (%#)', (load) => {
  const capable = { cores: 2, seed: 7 };
  const plan = completePlan(load, URL_TEXT, capable);
  const { request, problems } = readForm(formOfRun(runRecord({ plan })));
  expect(problems).toEqual({});
  expect(completePlan(request.load, URL_TEXT, capable)).toEqual(plan);
});

test('what a result withholds is not taken for a value', () => {
  const plan = completePlan({ requests: [{ headers: [['cookie', '(withheld)']] }] }, URL_TEXT, { cores: 2, seed: 7 });
  expect(formOfRun(runRecord({ plan })).headers).toEqual([{ name: 'cookie', value: '' }]);
  expect(formOfRun(runRecord()).key).toBe(EMPTY_FORM.key);
});

import { expect, test } from 'vitest';
import { failureOf } from '../failure.ts';
import { failedField } from './failed-field.ts';

const refusal = (code: string, field?: string) =>
  failureOf(400, { code, message: 'no', advice: 'x', details: { field } });

test.each([
  ['MW8001', '--connections', 'connections'],
  ['MW8001', 'load.requests[0].headers[2]', 'headers'],
  ['MW8001', 'stages[1].durationMs', 'duration'],
  ['MW8001', 'tls.certificate', 'certificate'],
  ['MW8002', undefined, 'target'],
  ['MW8004', undefined, 'yes'],
  ['MW8006', undefined, 'compare'],
])('%s about %s belongs beside %s', (code, field, expected) => {
  expect(failedField(refusal(code, field), { pace: 'rate' })).toBe(expected);
});

test('the rate of a closed loop is its cap', () => {
  expect(failedField(refusal('MW8001', 'rps'), { pace: 'closed' })).toBe('cap');
});

test('what the form does not ask for is said at the plan', () => {
  expect(failedField(refusal('MW8001', 'constructor'), { pace: 'rate' })).toBeUndefined();
  expect(failedField(refusal('MW8102'), { pace: 'rate' })).toBeUndefined();
});

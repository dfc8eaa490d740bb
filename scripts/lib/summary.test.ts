import { describe, expect, test } from 'vitest';
import { countsOf, summaryLine } from './summary.mjs';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((one, index) => ({ status: one, fullName: `test ${index} ${one}` })),
});
const line = (exitCode: number, ...testResults: ReturnType<typeof file>[]) =>
  summaryLine(countsOf({ testResults }, exitCode));

describe('the line a test run closes with', () => {
  test('counts tests', () => {
    expect(line(0, file('passed', 'passed', 'passed'), file('passed', 'passed'))).toBe('3 passed, 0 failed');
    expect(line(1, file('failed', 'passed', 'failed'))).toBe('1 passed, 1 failed');
  });

  test('shows skipped as skipped', () => {
    expect(line(0, file('passed', 'passed', 'skipped', 'pending', 'todo'))).toBe('1 passed, 0 failed, 3 skipped');
    expect(countsOf({ testResults: [file('passed', 'skipped')] }, 0).skipped).toEqual(['test 0 skipped']);
  });

  test('a file that cannot be loaded is a failure', () => {
    expect(line(1, file('passed', 'passed'), file('failed'))).toBe('1 passed, 1 failed');
  });

  test('a file whose tests pass and whose clean-up fails is a failure', () => {
    expect(line(1, file('failed', 'passed'))).toBe('1 passed, 1 failed');
  });

  test('never says 0 failed of a run that failed', () => {
    expect(line(1, file('passed', 'passed'))).toBe('1 passed, 1 failed');
    expect(summaryLine(countsOf(undefined, 1))).toBe('0 passed, 1 failed');
  });
});

import { ManualClock } from '@meshwise/core';
import { describe, expect, test } from 'vitest';
import { type Check, failed, ok, unknown, warning } from './check.ts';
import { runDoctor } from './run-doctor.ts';

const clock = new ManualClock();
const check = (id: string, run: Check['run']): Check => ({ id, title: `Title of ${id}`, run });

describe('the doctor', () => {
  test('reports every check in the order given, however long each takes', async () => {
    const slow = check('slow', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return ok('at last');
    });
    const report = await runDoctor([slow, check('fast', () => warning('little', 'Get more.'))], { clock });
    expect(report).toEqual({
      status: 'warning',
      checks: [
        { id: 'slow', title: 'Title of slow', status: 'ok', found: 'at last' },
        { id: 'fast', title: 'Title of fast', status: 'warning', found: 'little', advice: 'Get more.' },
      ],
    });
  });

  test.each([
    ['ok', [ok('')]],
    ['warning', [ok(''), warning('', '')]],
    ['unknown', [warning('', ''), unknown(''), ok('')]],
    ['failed', [unknown(''), failed('', ''), warning('', '')]],
  ] as const)('is as %s as its worst check', async (status, findings) => {
    const checks = findings.map((finding, index) => check(String(index), () => finding));
    expect((await runDoctor(checks, { clock })).status).toBe(status);
  });

  test('says of a check that breaks that it does not know', async () => {
    const broken = check('broken', () => {
      throw new Error('no such device');
    });
    const report = await runDoctor([broken, check('fine', () => ok('fine'))], { clock });
    expect(report.checks[0]).toMatchObject({ status: 'unknown', found: 'could not be checked: no such device' });
    expect(report.checks[1]).toMatchObject({ status: 'ok' });
  });

  test('does not wait for a check that hangs, and tells it to stop', async () => {
    const hanging = new ManualClock();
    const signals: AbortSignal[] = [];
    const hangs = check('hangs', (signal) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    const report = runDoctor([hangs], { clock: hanging, timeoutMs: 5_000 });
    await hanging.advance(5_000);
    expect((await report).checks[0]).toMatchObject({ status: 'unknown', found: 'no answer within 5 s' });
    expect(signals.map((signal) => signal.aborted)).toEqual([true]);
  });

  test('stops when told', async () => {
    const stop = new AbortController();
    const report = runDoctor([check('hangs', () => new Promise(() => {}))], { clock, signal: stop.signal });
    stop.abort();
    expect((await report).checks[0]).toMatchObject({ status: 'unknown', found: 'stopped' });
  });
});

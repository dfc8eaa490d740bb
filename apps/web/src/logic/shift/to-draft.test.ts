import type { ShiftTarget } from '@meshwise/api';
import { describe, expect, test } from 'vitest';
import { reviewsTarget } from '../../../test/shift-fixtures.ts';
import { EMPTY_SHIFT, type ShiftForm } from './form.ts';
import { readShiftForm } from './to-draft.ts';

const target: ShiftTarget = reviewsTarget();
const form = (change: Partial<ShiftForm>): ShiftForm => ({
  ...EMPTY_SHIFT,
  target: 'default/reviews/0',
  split: { v1: 0, v2: 0, v3: 100 },
  ...change,
});
const read = (change: Partial<ShiftForm>) => readShiftForm(form(change), target, []);

describe('the form of a shift', () => {
  test('is a TrafficShift whose steps go up the ladder with a gate each', () => {
    const { draft, problems } = read({ ladder: '10, 50, 100', p99: '250ms' });
    const gate = { minRequests: 100, successRate: 99, p99: '250ms' };
    expect(problems).toEqual({});
    expect(draft).toEqual({
      namespace: 'default',
      name: 'reviews-v3',
      spec: {
        targetRef: { kind: 'VirtualService', name: 'reviews', route: 0 },
        versions: ['v1', 'v2', 'v3'].map((name) => ({ name, host: 'reviews', subset: name })),
        steps: [
          { weights: { v1: 81, v2: 9, v3: 10 }, hold: '1m', gate },
          { weights: { v1: 45, v2: 5, v3: 50 }, hold: '1m', gate },
          { weights: { v3: 100 }, hold: '1m', gate },
        ],
      },
    });
  });

  test('is one step without a gate when all of it is to go now', () => {
    expect(read({ when: 'now', split: { v1: 40, v2: 10, v3: 50 } }).draft.spec.steps).toEqual([
      { weights: { v1: 40, v2: 10, v3: 50 } },
    ]);
  });

  test('has no gate when nothing is asked of it', () => {
    expect(read({ success: '', p99: '' }).draft.spec.steps.every(({ gate }) => gate === undefined)).toBe(true);
  });

  test('does not take a name that there is', () => {
    expect(readShiftForm(form({}), target, ['reviews-v3', 'reviews-v3-2']).draft.name).toBe('reviews-v3-3');
  });

  test('says who the testers are and where copies go', () => {
    const testers = { testersVersion: 'v3', testersName: 'End-User', testersValue: 'jason' } as const;
    expect(read({ ...testers, testers: 'header' }).draft.spec.testers).toEqual({
      version: 'v3',
      headers: { 'end-user': { exact: 'jason' } },
    });
    expect(read({ mirrorVersion: 'v3', mirrorPercent: '5' }).draft.spec.mirror).toEqual({ version: 'v3', percent: 5 });
  });

  test.each<[Partial<ShiftForm>, keyof ShiftForm]>([
    [{ split: {} }, 'split'],
    [{ ladder: '50, 10, 100' }, 'ladder'],
    [{ ladder: '10, 50' }, 'ladder'],
    [{ hold: 'long' }, 'hold'],
    [{ success: '101' }, 'success'],
    [{ p99: '250' }, 'p99'],
    [{ minRequests: '0' }, 'minRequests'],
    [{ testers: 'cookie' }, 'testersName'],
    [{ mirrorVersion: 'v3', mirrorPercent: '101' }, 'mirrorPercent'],
  ])('says what is wrong with %j', (change, field) => {
    expect(Object.keys(read(change).problems)).toContain(field);
  });
});

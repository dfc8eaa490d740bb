import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Fences, resolveFences, rollingStep, type SetSize } from './rolling-update.ts';

describe('resolveFences', () => {
  test.each([
    // desired, maxSurge, maxUnavailable → surge, unavailable
    [4, undefined, undefined, 1, 1],
    [10, undefined, undefined, 3, 2],
    [1, undefined, undefined, 1, 0],
    [3, '50%', '50%', 2, 1],
    [3, 0, 0, 0, 1],
    [5, '0%', '10%', 0, 1],
    [2, 1, 5, 1, 2],
    [0, undefined, undefined, 0, 1],
  ] as const)(
    '%i pods with maxSurge %s and maxUnavailable %s',
    (desired, surge, unavailable, maxSurge, maxUnavailable) => {
      const given = {
        ...(surge === undefined ? {} : { maxSurge: surge }),
        ...(unavailable === undefined ? {} : { maxUnavailable: unavailable }),
      };
      expect(resolveFences(desired, given)).toEqual({ maxSurge, maxUnavailable });
    },
  );
});

describe('rollingStep', () => {
  const fences: Fences = { maxSurge: 1, maxUnavailable: 0 };
  const all = (replicas: number): SetSize => ({ replicas, available: replicas });
  const none = (replicas: number): SetSize => ({ replicas, available: 0 });

  test('grows the new set by the surge first', () => {
    expect(rollingStep(3, fences, all(0), [all(3)])).toEqual({ newer: 1, older: [3] });
  });

  test('takes no old pod before the new one is available', () => {
    expect(rollingStep(3, fences, none(1), [all(3)])).toEqual({ newer: 1, older: [3] });
    expect(rollingStep(3, fences, all(1), [all(3)])).toEqual({ newer: 1, older: [2] });
  });

  test('takes old pods that are not available before available ones, the oldest set first', () => {
    const broken: SetSize = { replicas: 3, available: 1 };
    expect(rollingStep(3, { maxSurge: 0, maxUnavailable: 1 }, all(0), [broken, all(0)])).toEqual({
      newer: 0,
      older: [2, 0],
    });
    expect(rollingStep(4, { maxSurge: 1, maxUnavailable: 1 }, all(3), [all(1), all(1)])).toEqual({
      newer: 3,
      older: [0, 0],
    });
  });

  test('shrinks a new set that is larger than desired', () => {
    expect(rollingStep(2, fences, all(5), [])).toEqual({ newer: 2, older: [] });
  });

  const set = fc
    .nat(12)
    .chain((replicas) => fc.record({ replicas: fc.constant(replicas), available: fc.nat(replicas) }));
  const situation = fc.record({
    desired: fc.nat(10),
    maxSurge: fc.nat(4),
    maxUnavailable: fc.nat(4),
    newer: set,
    older: fc.array(set, { maxLength: 3 }),
  });

  test('a step never passes the fences by itself, from any situation', () => {
    fc.assert(
      fc.property(situation, ({ desired, maxSurge, maxUnavailable, newer, older }) => {
        const limits = {
          maxSurge,
          maxUnavailable: maxSurge + maxUnavailable === 0 ? 1 : Math.min(maxUnavailable, desired),
        };
        const step = rollingStep(desired, limits, newer, older);
        const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
        const before = newer.replicas + sum(older.map((entry) => entry.replicas));
        const after = step.newer + sum(step.older);
        expect(after).toBeLessThanOrEqual(Math.max(before, desired + maxSurge));
        expect(step.older.every((size, index) => size >= 0 && size <= (older[index]?.replicas ?? 0))).toBe(true);
        // A set gives up what is not available first, so the smaller of both numbers remains.
        const left = older.map((entry, index) => Math.min(entry.available, step.older[index] ?? 0));
        const remaining = newer.available + sum(left);
        const available = newer.available + sum(older.map((entry) => entry.available));
        if (step.newer >= newer.replicas && remaining < available) {
          expect(remaining).toBeGreaterThanOrEqual(desired - limits.maxUnavailable);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('a rollout ends when every pod becomes available', () => {
    fc.assert(
      fc.property(situation, ({ desired, maxSurge, maxUnavailable, older }) => {
        const limits = {
          maxSurge,
          maxUnavailable: maxSurge + maxUnavailable === 0 ? 1 : Math.min(maxUnavailable, desired),
        };
        // With nobody desired and no pod allowed to be missing, nothing has to move.
        let newer = 0;
        let sizes = older.map((entry) => entry.replicas);
        for (let steps = 0; steps < 100; steps++) {
          const step = rollingStep(desired, limits, all(newer), sizes.map(all));
          newer = step.newer;
          sizes = [...step.older];
        }
        expect({ newer, left: sizes.filter((size) => size > 0) }).toEqual({ newer: desired, left: [] });
      }),
    );
  });
});

import { describe, expect, test } from 'vitest';
import { type Member, type PlanInput, plan } from './plan.ts';

const member = (ordinal: number, more: Partial<Member> = {}): Member => ({
  ordinal,
  revision: 'new',
  healthy: true,
  ending: false,
  finished: false,
  ...more,
});
const input = (wanted: readonly number[], members: readonly Member[], more: Partial<PlanInput> = {}): PlanInput => ({
  wanted,
  members,
  parallel: false,
  updateRevision: 'new',
  partition: 0,
  ...more,
});
const nothing = { create: [], remove: [] };
const old = { revision: 'old' };
const sick = { healthy: false };

describe('OrderedReady', () => {
  test.each([
    ['creates the lowest missing pod', input([0, 1, 2], [member(0)]), { create: [1], remove: [] }],
    ['waits for the pod before', input([0, 1, 2], [member(0, sick)]), nothing],
    ['waits for a pod that is ending', input([0, 1], [member(0, { ending: true })]), nothing],
    [
      'replaces a pod that has ended',
      input([0, 1], [member(0, { finished: true, ...sick })]),
      { create: [], remove: [0] },
    ],
    ['shrinks from the highest', input([0], [member(0), member(1), member(2)]), { create: [], remove: [2] }],
    ['shrinks one at a time', input([0], [member(0), member(1), member(2, { ending: true })]), nothing],
    ['does not shrink while a lower pod is unhealthy', input([0], [member(0, sick), member(1)]), nothing],
    ['starts at ordinals.start', input([5, 6], [member(5)]), { create: [6], remove: [] }],
  ])('%s', (_name, given, expected) => expect(plan(given)).toEqual(expected));
});

describe('Parallel', () => {
  test('creates and removes all at once, without waiting', () => {
    const given = input([0, 1, 2], [member(1, sick), member(3), member(4)], { parallel: true });
    expect(plan(given)).toEqual({ create: [0, 2], remove: [3, 4] });
  });
});

describe('rolling update', () => {
  test.each([
    ['begins at the highest', input([0, 1, 2], [member(0, old), member(1, old), member(2, old)]), [2]],
    ['goes on when the updated pod is healthy', input([0, 1, 2], [member(0, old), member(1, old), member(2)]), [1]],
    ['waits while the updated pod is not', input([0, 1, 2], [member(0, old), member(1, old), member(2, sick)]), []],
    ['waits while a pod ends', input([0, 1], [member(0, old), member(1, { ...old, ending: true })]), []],
    [
      'keeps pods below the partition',
      input([0, 1, 2], [member(0, old), member(1, old), member(2)], { partition: 2 }),
      [],
    ],
    ['replaces a sick pod of the old revision', input([0, 1], [member(0, old), member(1, { ...old, ...sick })]), [1]],
    ['does nothing with OnDelete', input([0, 1], [member(0, old), member(1, old)], { partition: undefined }), []],
  ])('%s', (_name, given, remove) => expect(plan(given)).toEqual({ create: [], remove }));
});

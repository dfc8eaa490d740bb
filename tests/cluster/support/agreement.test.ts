import { describe, expect, test } from 'vitest';
import { difference, fisherExact } from './agreement.ts';
import type { Outcome } from './outcome.ts';

const answer = (backend: string): Outcome => ({
  status: 200,
  responseHeaders: {},
  received: [{ backend, port: 80 }],
  pace: 'at once',
});
const mixed = (one: number, other: number) => [
  ...Array.from({ length: one }, () => answer('v1')),
  ...Array.from({ length: other }, () => answer('v2')),
];

describe('two samples', () => {
  test('of the same shares agree', () => {
    expect(difference(mixed(200, 200), mixed(215, 185))).toBeUndefined();
  });

  test('of other shares differ, once there is enough of them', () => {
    expect(difference(mixed(320, 80), mixed(240, 160))).toContain('240 × ');
    expect(difference(mixed(8, 2), mixed(6, 4))).toBeUndefined();
  });

  test('of one request each differ in what differs, and that is said', () => {
    expect(difference([answer('v1')], [answer('v1')])).toBeUndefined();
    expect(difference([answer('v1')], [answer('v2')])).toMatch(/^ {2}received\n.*v1.*\n.*v2/);
  });

  test('in order differ where one answer does', () => {
    expect(difference(mixed(1, 1), mixed(1, 1).reverse())).toBeUndefined();
    expect(difference(mixed(1, 1), mixed(1, 1).reverse(), true)).toContain('received');
  });
});

/** Values from the hypergeometric distribution by hand: C(5,5) C(5,0) / C(10,5) twice, and the tea tasting of Fisher, 34/70. */
test.each([
  [5, 0, 0, 5, 2 / 252],
  [3, 1, 1, 3, 34 / 70],
  [10, 10, 10, 10, 1],
])('the exact chance of %i, %i, %i, %i', (a, b, c, d, expected) => {
  expect(fisherExact(a, b, c, d)).toBeCloseTo(expected, 9);
});

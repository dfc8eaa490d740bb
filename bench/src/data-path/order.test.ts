import { expect, test } from 'vitest';
import { seededRandom } from '../stats/random.ts';
import { blockOrder } from './order.ts';

test('every round is an order and its mirror image, and rounds differ', () => {
  const order = blockOrder(['a', 'b', 'c', 'd'], 6, seededRandom(1));
  expect(order).toHaveLength(12);
  for (let round = 0; round < 12; round += 2) {
    expect(order[round]?.toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(order[round + 1]).toEqual(order[round]?.toReversed());
  }
  expect(new Set(order.map((one) => one.join(''))).size).toBeGreaterThan(2);
});

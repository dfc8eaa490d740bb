import type { LabelSelector } from '@meshwise/resources';
import { matchesLabels, parseLabelSelector } from '@meshwise/resources';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesSelector, selectorText } from './selector.ts';

const key = fc.constantFrom('app', 'version', 'example.org/tier');
const value = fc.constantFrom('a', 'b', 'c');
const expression = fc.oneof(
  fc.record({
    key,
    operator: fc.constantFrom('In' as const, 'NotIn' as const),
    values: fc.array(value, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ key, operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const) }),
);

test('the text form selects what the selector selects', () => {
  const selector: fc.Arbitrary<LabelSelector> = fc.record({
    matchLabels: fc.dictionary(key, value),
    matchExpressions: fc.array(expression, { maxLength: 3 }),
  });
  let matched = 0;
  fc.assert(
    fc.property(selector, fc.dictionary(key, value), (selected, labels) => {
      const expected = matchesSelector(selected, labels);
      if (expected) matched++;
      expect(matchesLabels(parseLabelSelector(selectorText(selected)), labels)).toBe(expected);
    }),
    { numRuns: 500 },
  );
  expect(matched).toBeGreaterThan(20);
});

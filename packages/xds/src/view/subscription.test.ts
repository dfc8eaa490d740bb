import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SubscriptionInterner } from './subscription.ts';

const names = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 6 }).map((list) => new Set(list));

test('equal subscriptions are the same object, whichever way they came about', () => {
  fc.assert(
    fc.property(
      names,
      fc.boolean(),
      fc.array(fc.record({ wildcard: fc.boolean(), added: names, removed: names })),
      (start, wildcard, changes) => {
        const interner = new SubscriptionInterner();
        let subscription = interner.intern(wildcard, start);
        let expected = new Set(start);
        for (const change of [...changes, ...changes]) {
          subscription = interner.change(subscription, change);
          expected = new Set([...[...expected].filter((name) => !change.removed.has(name)), ...change.added]);
          expect(subscription.wildcard).toBe(change.wildcard);
          expect(new Set(subscription.names)).toEqual(expected);
          expect(interner.intern(change.wildcard, new Set(expected))).toBe(subscription);
        }
      },
    ),
  );
});

test('a change that many make is worked out once', () => {
  const interner = new SubscriptionInterner();
  const from = interner.intern(false, new Set(Array.from({ length: 1_000 }, (_, index) => `service-${index}`)));
  const change = { wildcard: false, added: new Set(['new']), removed: new Set<string>() };
  const to = interner.change(from, change);
  expect(to.names.size).toBe(1_001);
  expect(interner.change(from, { ...change, added: new Set(['new']) })).toBe(to);
});

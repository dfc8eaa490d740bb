import { expect, test } from 'vitest';
import { memoise, memoisePair } from './memoise.ts';

test('an item is printed once, and another one that is equal by itself', () => {
  let prints = 0;
  const print = memoise((item: { readonly name: string }) => {
    prints += 1;
    return { printed: item.name };
  });
  const item = { name: 'a' };
  expect(print(item)).toBe(print(item));
  expect(prints).toBe(1);
  expect(print({ name: 'a' })).not.toBe(print(item));
});

test('nothing is a result, too', () => {
  let prints = 0;
  const print = memoise((_: object) => {
    prints += 1;
    return undefined;
  });
  const item = {};
  print(item);
  print(item);
  expect(prints).toBe(1);
});

test('a pair is printed again when either changes', () => {
  const print = memoisePair((first: { a: number }, second: { b: number }) => ({ sum: first.a + second.b }));
  const [first, second] = [{ a: 1 }, { b: 2 }];
  expect(print(first, second)).toBe(print(first, second));
  expect(print({ a: 1 }, second)).not.toBe(print(first, second));
  expect(print(first, { b: 3 })).toEqual({ sum: 4 });
});

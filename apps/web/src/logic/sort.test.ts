import { expect, test } from 'vitest';
import { compareValues, nextSort, parseSort, sortText } from './sort.ts';

test('a column is read from the address with its direction', () => {
  expect(parseSort('-errors', ['errors'])).toEqual({ column: 'errors', descending: true });
  expect(parseSort('name', ['name'])).toEqual({ column: 'name', descending: false });
});

test('a column the table does not have is ignored', () => {
  expect(parseSort('-salary', ['errors'])).toBeUndefined();
  expect(parseSort(undefined, ['errors'])).toBeUndefined();
});

test('pressing a number column shows the largest, then the smallest, then the usual order', () => {
  const largest = nextSort(undefined, 'errors', true);
  expect(largest).toEqual({ column: 'errors', descending: true });
  const smallest = nextSort(largest, 'errors', true);
  expect(smallest).toEqual({ column: 'errors', descending: false });
  expect(nextSort(smallest, 'errors', true)).toBeUndefined();
});

test('pressing a word column begins with A', () => {
  expect(nextSort({ column: 'errors', descending: true }, 'name', false)).toEqual({
    column: 'name',
    descending: false,
  });
});

test('a sort survives its text', () => {
  const key = { column: 'p99', descending: true };
  expect(parseSort(sortText(key), ['p99'])).toEqual(key);
});

test('versions sort as people count them', () => {
  expect(['reviews-v10', 'reviews-v2', 'Reviews-v1'].sort(compareValues)).toEqual([
    'Reviews-v1',
    'reviews-v2',
    'reviews-v10',
  ]);
});

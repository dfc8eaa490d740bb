import { describe, expect, test } from 'vitest';
import { difference, interval, markdown, number, ratio, spread } from './format.ts';

describe('a figure', () => {
  test.each([
    [1234.5, '1235'],
    [12.34, '12.3'],
    [1.234, '1.23'],
    [0.1234, '0.123'],
    [0, '0'],
    [Number.NaN, '–'],
  ])('%d is written %s', (value, text) => {
    expect(number(value)).toBe(text);
  });

  test('of several has its middle and its ends', () => {
    expect(spread([3, 1, 2])).toBe('2.00 (1.00–3.00)');
    expect(spread([])).toBe('–');
  });

  test('of a difference says so when it may be nothing', () => {
    expect(difference({ value: -0.02, low: -0.05, high: 0.01 })).toBe('− 0.020 [-0.050, 0.010] ms within noise');
    expect(difference({ value: 0.3, low: 0.2, high: 0.4 })).toBe('+ 0.300 [0.200, 0.400] ms');
    expect(difference({ value: 0.3, low: Number.NaN, high: Number.NaN })).toContain('within noise');
  });

  test('that may as well be 1 says so', () => {
    expect(ratio({ value: 1.05, low: 0.95, high: 1.2 })).toBe('1.05 [0.950, 1.20] within noise');
    expect(ratio({ value: 1.3, low: 1.1, high: 1.5 })).toBe('1.30 [1.10, 1.50]');
    expect(interval({ value: 2, low: Number.NaN, high: Number.NaN })).toBe('2.00 [–, –]');
  });
});

test('a table lines up in a terminal and is Markdown', () => {
  const text = markdown({ title: 'T', columns: ['a', 'long'], rows: [['1234', 'x']] });
  expect(text.split('\n').slice(2)).toEqual(['| a    | long |', '|------|------|', '| 1234 | x    |']);
});

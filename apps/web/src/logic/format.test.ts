import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatBytes, formatCpu, formatLatency, formatPercent, formatRate, NOT_MEASURED, plural } from './format.ts';

test('what was not measured is a dash and never a zero', () => {
  for (const format of [formatRate, formatPercent, formatLatency, formatBytes, formatCpu]) {
    expect(format(null)).toBe(NOT_MEASURED);
    expect(format(0)).toMatch(/^0/);
  }
});

test.each([
  [0.004, '<0.01'],
  [0.42, '0.42'],
  [0.999, '1'],
  [3.24, '3.2'],
  [41.7, '42'],
  [999.4, '999'],
  [1240, '1.2 k'],
  [2_500_000, '2.5 M'],
])('a rate of %d reads %s', (value, text) => {
  expect(formatRate(value)).toBe(text);
});

test.each([
  [0.004, '<0.01 %'],
  [0.04, '0.04 %'],
  [3.14, '3.1 %'],
  [99.97, '>99.9 %'],
  [100, '100 %'],
])('a share of %d reads %s', (value, text) => {
  expect(formatPercent(value)).toBe(text);
});

test('a share that is not zero never reads as zero, and one that is not all never as all', () => {
  fc.assert(
    fc.property(fc.double({ min: Number.MIN_VALUE, max: 100, noNaN: true }), (percent) => {
      expect(formatPercent(percent)).not.toBe('0 %');
      if (percent < 100) expect(formatPercent(percent)).not.toBe('100 %');
    }),
  );
});

test('a larger rate never reads as a smaller one', () => {
  const read = (text: string) => {
    const [figure = '', unit] = text.replace('<0.01', '0.001').split(' ');
    return Number(figure) * (unit === 'k' ? 1e3 : unit === 'M' ? 1e6 : 1);
  };
  const rate = fc.double({ min: 0, max: 1e8, noNaN: true });
  fc.assert(
    fc.property(rate, rate, (a, b) => {
      expect(read(formatRate(Math.min(a, b)))).toBeLessThanOrEqual(read(formatRate(Math.max(a, b))));
    }),
  );
});

test.each([
  [0.84, '0.8 ms'],
  [12.3, '12 ms'],
  [999.7, '1 s'],
  [1320, '1.3 s'],
  [42_000, '42 s'],
])('a latency of %d ms reads %s', (value, text) => {
  expect(formatLatency(value)).toBe(text);
});

test.each([
  [512, '512 B'],
  [38 * 1024 * 1024, '38 MiB'],
  [1.25 * 1024 ** 3, '1.3 GiB'],
  [1024 * 1024 - 1, '1 MiB'],
])('%d bytes read %s', (value, text) => {
  expect(formatBytes(value)).toBe(text);
});

test.each([
  [0.3, '<1 m'],
  [12, '12 m'],
  [1000, '1 core'],
  [1500, '1.5 cores'],
])('%d thousandths of a core read %s', (value, text) => {
  expect(formatCpu(value)).toBe(text);
});

test('one of a thing has no plural', () => {
  expect([plural(1, 'proxy', 'proxies'), plural(2, 'proxy', 'proxies'), plural(0, 'service')]).toEqual([
    '1 proxy',
    '2 proxies',
    '0 services',
  ]);
});

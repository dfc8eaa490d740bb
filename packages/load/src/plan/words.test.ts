import { describe, expect, it } from 'vitest';
import { bytesWords, latencyWords, listWords, percentWords, plural, rateWords } from './words.ts';

describe('words', () => {
  it.each([
    [0.0831, '83.1 µs'],
    [0.9999, '1 ms'],
    [1.2549, '1.25 ms'],
    [999.9, '1 s'],
    [12_345, '12.3 s'],
    [0, '0 µs'],
  ])('say a latency of %d ms as %s', (ms, text) => {
    expect(latencyWords(ms)).toBe(text);
  });

  it.each([
    [0, '0 %'],
    [1, '100 %'],
    [0.999999, 'more than 99.99 %'],
    [0.0000001, 'less than 0.01 %'],
    [0.12345, '12.35 %'],
  ])('say a share of %d as %s, and never all or nothing when it is not', (share, text) => {
    expect(percentWords(share)).toBe(text);
  });

  it('count', () => {
    expect([plural(1, 'request'), plural(2_000, 'request'), plural(0, 'process', 'processes')]).toEqual([
      '1 request',
      '2,000 requests',
      '0 processes',
    ]);
    expect([rateWords(0.25), bytesWords(1), bytesWords(1_536), bytesWords(64 << 20)]).toEqual([
      '0.25 requests per second',
      '1 byte',
      '1.5 KiB',
      '64 MiB',
    ]);
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listWords)).toEqual(['', 'a', 'a and b', 'a, b and c']);
  });
});

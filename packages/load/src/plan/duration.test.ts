import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationWords, formatDuration, parseDuration } from './duration.ts';

describe('durations', () => {
  it.each([
    ['30s', 30_000],
    ['250ms', 250],
    ['1.5h', 5_400_000],
    ['1m30s', 90_000],
    ['500us', 0.5],
    ['0.07s', 70],
    ['0s', 0],
  ])('reads %s', (text, expected) => {
    expect(parseDuration(text, 'duration')).toBe(expected);
  });

  it.each(['', '30', 's', '-1s', '1 m', '1d', '1e3s', '1s,'])('does not read %j and names the field', (text) => {
    expect(() => parseDuration(text, '--duration')).toThrow('MW8001: --duration: not a duration');
  });

  it('are written as they are read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400_000_000 }), (us) => {
        expect(parseDuration(formatDuration(us / 1_000), 'duration')).toBe(us / 1_000);
      }),
    );
  });

  it.each([
    [90_000, '1m30s', '1 min 30 s'],
    [3_600_000, '1h', '1 h'],
    [250, '250ms', '250 ms'],
    [1_500, '1.5s', '1.5 s'],
    [0, '0s', '0 s'],
    [3_601_000, '1h1s', '1 h 1 s'],
  ])('says %d ms as %s and %s', (ms, text, words) => {
    expect([formatDuration(ms), durationWords(ms)]).toEqual([text, words]);
  });
});

import { describe, expect, it } from 'vitest';
import { covers, fullHost, mostSpecific } from './host-name.ts';

describe('host names', () => {
  it('completes names without dots with the namespace of the resource, and only those', () => {
    expect(fullHost('reviews', 'shop', 'cluster.local')).toBe('reviews.shop.svc.cluster.local');
    expect(fullHost('Reviews', 'shop', 'cluster.local')).toBe('reviews.shop.svc.cluster.local');
    expect(fullHost('reviews.shop', 'x', 'cluster.local')).toBe('reviews.shop');
    expect(fullHost('*', 'x', 'cluster.local')).toBe('*');
  });

  it.each([
    ['*', 'a.b', true],
    ['*.b', 'a.b', true],
    ['*.b', 'x.a.b', true],
    ['*.b', '*.a.b', true],
    ['*.b', 'b', false],
    ['*.a.b', '*.b', false],
    ['a.b', 'a.b', true],
    ['a.b', 'x.a.b', false],
    ['*.b', '*', false],
  ])('%s covers %s: %s', (outer, inner, expected) => {
    expect(covers(outer, inner)).toBe(expected);
  });

  it('prefers the name itself, then the longest pattern', () => {
    expect(mostSpecific('x.a.b', ['*', '*.b', '*.a.b', '*.c'])).toBe('*.a.b');
    expect(mostSpecific('x.a.b', ['*.a.b', 'x.a.b'])).toBe('x.a.b');
    expect(mostSpecific('x.a.b', ['*.c'])).toBeUndefined();
  });
});

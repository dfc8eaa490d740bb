import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeadCache } from './head-cache.ts';

const HEAD = { status: 200, framing: 0, keepAlive: true };
const bytes = fc.uint8Array({ minLength: 14, maxLength: 80 }).map((array) => Buffer.from(array));

describe('a head that is kept', () => {
  it('is known again wherever it begins, and whatever follows it', () => {
    fc.assert(
      fc.property(bytes, fc.nat(9), fc.nat(9), (head, before, after) => {
        const cache = new HeadCache();
        cache.keep(head, HEAD);
        const read = Buffer.concat([Buffer.alloc(before), head, Buffer.alloc(after)]);
        expect(cache.matches(read, before, read.length)).toBe(true);
        expect(cache.matches(read, before, before + head.length - 1)).toBe(false);
      }),
    );
  });

  it('is not taken for another, whichever byte differs, also in the same buffer', () => {
    fc.assert(
      fc.property(bytes, fc.nat(79), fc.integer({ min: 1, max: 255 }), (head, at, change) => {
        const cache = new HeadCache();
        cache.keep(head, HEAD);
        expect(cache.matches(head, 0, head.length)).toBe(true);
        head[at % head.length] = (head[at % head.length] ?? 0) ^ change;
        expect(cache.matches(head, 0, head.length)).toBe(false);
      }),
    );
  });

  it('does not exist at first', () => {
    expect(new HeadCache().matches(Buffer.alloc(20), 0, 20)).toBe(false);
  });
});

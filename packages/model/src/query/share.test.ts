import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { share } from './share.ts';

const plainValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.integer({ min: 0, max: 3 }),
    fc.constantFrom('a', 'b', null, true),
    tie('list'),
    tie('record'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  record: fc.dictionary(fc.constantFrom('x', 'y', 'z', '__proto__'), tie('value'), {
    maxKeys: 3,
    noNullPrototype: true,
  }),
})).value;

describe('structural sharing', () => {
  it('changes no value, whatever the old one was', () => {
    fc.assert(
      fc.property(plainValue, plainValue, (old, next) => {
        const expected = structuredClone(next);
        expect(share(share(undefined, old), next)).toEqual(expected);
      }),
    );
  });

  it('gives the old object back when the new one equals it', () => {
    fc.assert(
      fc.property(plainValue, (value) => {
        const old = share(undefined, structuredClone(value));
        expect(share(old, structuredClone(value))).toBe(old);
      }),
    );
  });

  it('gives the old list back when equal items stand in it more than once', () => {
    const old = share(undefined, [{ a: 1 }, { a: 1 }]);
    expect(share(old, [{ a: 1 }, { a: 1 }])).toBe(old);
    expect(share(old, [{ a: 1 }])[0]).toBe(old[0]);
  });

  it('keeps the identity of equal list items wherever they move', () => {
    const items = fc.uniqueArray(fc.record({ id: fc.nat(20), tags: fc.array(fc.nat(2), { maxLength: 2 }) }), {
      selector: (i) => i.id,
    });
    fc.assert(
      fc.property(items, fc.array(fc.nat(20)), fc.infiniteStream(fc.nat()), (before, removed, order) => {
        const old = share(undefined, structuredClone(before));
        const kept = before.filter(({ id }) => !removed.includes(id));
        const moved = kept.map((item) => ({ item, at: order.next().value ?? 0 })).sort((a, b) => a.at - b.at);
        const next = share(old, [{ id: 99, tags: [] }, ...structuredClone(moved.map(({ item }) => item))]);
        for (const item of next.slice(1)) expect(old.some((candidate) => candidate === item)).toBe(true);
      }),
    );
  });

  it('keeps unchanged parts of an item that changed', () => {
    const old = share(undefined, [{ port: 80, hosts: [{ name: 'a' }, { name: 'b' }] }]);
    const next = share(old, [
      { port: 70, hosts: [] },
      { port: 80, hosts: [{ name: 'b' }] },
    ]);
    expect(next[1]).not.toBe(old[0]);
    expect(next[1]?.hosts[0]).toBe(old[0]?.hosts[1]);
  });

  it('tells a missing member from an undefined one and a list from an object', () => {
    expect(Object.hasOwn(share({ a: 1 }, { a: 1, b: undefined }), 'b')).toBe(true);
    expect(share<unknown>({}, [])).toEqual([]);
    expect(share<unknown>([], {})).toEqual({});
  });

  it('freezes what it returns, at every level', () => {
    const result = share(undefined, { list: [{ deep: { value: 1 } }] });
    expect([result, result.list, result.list[0], result.list[0]?.deep].every(Object.isFrozen)).toBe(true);
  });
});

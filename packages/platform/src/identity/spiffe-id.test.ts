import { MeshwiseError } from '@meshwise/core';
import { spiffeId } from '@meshwise/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkTrustDomain, formatSpiffeId, parseSpiffeId, trustDomainId } from './spiffe-id.ts';

const trustDomain = fc.stringMatching(/^[a-z0-9._-]{1,12}$/);
const segment = fc.stringMatching(/^[a-zA-Z0-9._-]{1,12}$/).filter((text) => text !== '.' && text !== '..');
const identity = fc.record({ trustDomain, namespace: segment, serviceAccount: segment });

describe('SPIFFE ids (004-84, 004-120)', () => {
  test('are written as Istio writes them', () => {
    const productpage = { trustDomain: 'cluster.local', namespace: 'default', serviceAccount: 'bookinfo-productpage' };
    expect(formatSpiffeId(productpage)).toBe('spiffe://cluster.local/ns/default/sa/bookinfo-productpage');
    expect(trustDomainId('cluster.local')).toBe('spiffe://cluster.local');
  });

  test('come back as they went in, for every identity', () => {
    fc.assert(
      fc.property(identity, (given) => {
        expect(parseSpiffeId(formatSpiffeId(given))).toEqual(given);
        expect(formatSpiffeId(given)).toBe(spiffeId(given));
      }),
    );
  });

  test('of different identities are different', () => {
    fc.assert(
      fc.property(identity, identity, (one, other) => {
        const same =
          one.trustDomain === other.trustDomain &&
          one.namespace === other.namespace &&
          one.serviceAccount === other.serviceAccount;
        expect(formatSpiffeId(one) === formatSpiffeId(other)).toBe(same);
      }),
    );
  });

  test('that parse are exactly those that would be written', () => {
    const nearMiss = fc
      .tuple(identity, fc.nat(), fc.string({ minLength: 0, maxLength: 2, unit: 'binary' }))
      .map(([given, at, inserted]) => {
        const id = formatSpiffeId(given);
        const cut = at % id.length;
        return id.slice(0, cut) + inserted + id.slice(cut + 1);
      });
    fc.assert(
      fc.property(nearMiss, (id) => {
        let parsed: ReturnType<typeof parseSpiffeId>;
        try {
          parsed = parseSpiffeId(id);
        } catch (error) {
          expect(MeshwiseError.from(error).code).toBe('MW4001');
          return;
        }
        expect(formatSpiffeId(parsed)).toBe(id);
      }),
    );
  });

  test.each([
    ['', 'nothing'],
    ['https://cluster.local/ns/a/sa/b', 'another scheme'],
    ['SPIFFE://cluster.local/ns/a/sa/b', 'the scheme in capitals'],
    ['spiffe:///ns/a/sa/b', 'no trust domain'],
    ['spiffe://Cluster.Local/ns/a/sa/b', 'a trust domain with capitals'],
    ['spiffe://user@cluster.local/ns/a/sa/b', 'user information'],
    ['spiffe://cluster.local:443/ns/a/sa/b', 'a port'],
    ['spiffe://cluster.local', 'no path'],
    ['spiffe://cluster.local/ns/a/sa/b/', 'a slash at the end'],
    ['spiffe://cluster.local/ns/a/sa/b/c', 'a longer path'],
    ['spiffe://cluster.local/ns//sa/b', 'an empty namespace'],
    ['spiffe://cluster.local/ns/../sa/b', 'a path that climbs'],
    ['spiffe://cluster.local/ns/a/sa/b?x=1', 'a query'],
    ['spiffe://cluster.local/ns/a/sa/b#x', 'a fragment'],
    ['spiffe://cluster.local/ns/a/sa/%62', 'percent encoding'],
    ['spiffe://cluster.local/ns/a/sa/b\n', 'a line break'],
  ])('%j is refused: %s', (id) => {
    expect(() => parseSpiffeId(id)).toThrowError(/^MW4001/);
  });

  test('have at most 255 characters of trust domain and 2048 in all', () => {
    expect(checkTrustDomain('a'.repeat(255))).toHaveLength(255);
    expect(() => checkTrustDomain('a'.repeat(256))).toThrowError(/^MW4001/);
    const longest = 2048 - 'spiffe://td/ns/a/sa/'.length;
    const withAccount = (characters: number) => ({
      trustDomain: 'td',
      namespace: 'a',
      serviceAccount: 'b'.repeat(characters),
    });
    expect(formatSpiffeId(withAccount(longest))).toHaveLength(2048);
    expect(() => formatSpiffeId(withAccount(longest + 1))).toThrowError(/^MW4001/);
  });
});

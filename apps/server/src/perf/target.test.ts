import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTarget } from './target.ts';

describe('a target', () => {
  it.each([
    ['details', { name: 'details', namespace: 'default', port: undefined, path: '/' }],
    ['details/details/0', { name: 'details', namespace: 'default', port: undefined, path: '/details/0' }],
    ['details.shop:9080/a?b=c', { name: 'details', namespace: 'shop', port: '9080', path: '/a?b=c' }],
    ['details.shop.svc:http', { name: 'details', namespace: 'shop', port: 'http', path: '/' }],
    ['details.shop.svc.cluster.local?x=1', { name: 'details', namespace: 'shop', port: undefined, path: '/?x=1' }],
    ['localhost:8080/x', { name: 'localhost', namespace: 'default', port: '8080', path: '/x' }],
  ])('%s is a service of the mesh', (text, expected) => {
    expect(parseTarget(text)).toEqual({ kind: 'service', ...expected });
  });

  it.each(['http://127.0.0.1:8080/productpage', 'https://example.org', 'HTTP://[::1]/'])('%s is a URL', (text) => {
    expect(parseTarget(text)).toEqual({ kind: 'url', url: new URL(text) });
  });

  it.each(['', '/path', 'ftp://host/', 'http://', 'Details', 'a b', '10.0.0.1/x', 'a.b.c.d', 'details:', '-a'])(
    '%j is nothing that load can be sent to',
    (text) => {
      expect(() => parseTarget(text)).toThrow('MW8002');
    },
  );

  it('is understood or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(['url', 'service']).toContain(parseTarget(text).kind);
        } catch (error) {
          expect(error).toMatchObject({ code: 'MW8002' });
        }
      }),
    );
  });
});

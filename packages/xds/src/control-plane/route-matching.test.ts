import type { HttpMatch } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENVOY } from './testing/envoy.ts';
import { callThrough, echoOf } from './testing/http.ts';
import { anyRequest, forwardRoute } from './testing/plans.ts';
import { PORT, ReviewsMesh, V1, V2 } from './testing/reviews-mesh.ts';

const SUBNET = 91;

interface Ask {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly host?: string;
}

const header = (name: string, match: HttpMatch['headers'][number]['match'], invert = false): Partial<HttpMatch> => ({
  headers: [{ name, match, invert }],
});
const user = (value: string): Ask => ({ headers: { 'x-user': value } });

const CASES: readonly (readonly [
  field: string,
  Partial<HttpMatch>,
  matching: readonly Ask[],
  others: readonly Ask[],
])[] = [
  ['uri.exact', { path: { exact: '/a' } }, [{ path: '/a' }, { path: '/a?b=1' }], [{ path: '/a/' }, { path: '/A' }]],
  ['uri.prefix', { path: { prefix: '/a' } }, [{ path: '/a' }, { path: '/ab/c' }], [{ path: '/b' }]],
  [
    'uri.prefix with a slash',
    { path: { prefix: '/a/' } },
    [{ path: '/a/' }, { path: '/a/b' }],
    [{ path: '/a' }, { path: '/ab' }],
  ],
  ['uri.regex', { path: { regex: '/[ab]+' } }, [{ path: '/abba' }], [{ path: '/abc' }]],
  ['ignoreUriCase', { path: { prefix: '/a', ignoreCase: true } }, [{ path: '/AB' }], [{ path: '/B' }]],
  ['method', { method: { exact: 'POST' } }, [{ method: 'POST' }], [{ method: 'GET' }]],
  ['authority', { authority: { prefix: 'reviews.' } }, [{ host: 'reviews.default.svc.cluster.local' }], [{}]],
  ['scheme', { scheme: { exact: 'http' } }, [{}], []],
  ['scheme https', { scheme: { exact: 'https' } }, [], [{}]],
  ['headers.exact', header('x-user', { exact: 'jason' }), [user('jason')], [user('Jason'), {}]],
  ['headers.prefix', header('x-user', { prefix: 'ja' }), [user('jason')], [user('eve'), {}]],
  ['headers.regex', header('x-user', { regex: 'j.*n' }), [user('jason')], [user('jasons'), {}]],
  ['headers without condition', header('x-user', { present: true }), [user('anybody')], [{}]],
  ['withoutHeaders.exact', header('x-user', { exact: 'jason' }, true), [user('eve'), {}], [user('jason')]],
  ['withoutHeaders.prefix', header('x-user', { prefix: 'ja' }, true), [user('eve'), {}], [user('jason')]],
  ['withoutHeaders.regex', header('x-user', { regex: 'j.*' }, true), [user('eve'), {}], [user('jason')]],
  ['withoutHeaders without condition', header('x-user', { present: true }, true), [{}], [user('eve')]],
  [
    'queryParams.exact',
    { queryParameters: [{ name: 'v', match: { exact: '2' } }] },
    [{ path: '/?v=2' }, { path: '/?a=1&v=2' }],
    [{ path: '/?v=22' }, { path: '/' }],
  ],
  [
    'queryParams.prefix',
    { queryParameters: [{ name: 'v', match: { prefix: '2' } }] },
    [{ path: '/?v=22' }],
    [{ path: '/?v=3' }],
  ],
  [
    'queryParams.regex',
    { queryParameters: [{ name: 'v', match: { regex: '[0-9]+' } }] },
    [{ path: '/?v=22' }],
    [{ path: '/?v=a' }],
  ],
  [
    'queryParams without condition',
    { queryParameters: [{ name: 'v', match: { present: true } }] },
    [{ path: '/?v=' }],
    [{ path: '/' }],
  ],
];

describe.skipIf(ENVOY === undefined)('VirtualService http.match on Envoy (000-31, 001-41)', () => {
  let reviews: ReviewsMesh;

  beforeAll(async () => {
    reviews = await ReviewsMesh.start(SUBNET);
  });
  afterAll(async () => {
    await reviews?.mesh.stop();
    expect(reviews.mesh.rejections).toEqual([]);
  });

  const destinationOf = async ({ path = '/', method = 'GET', headers = {}, host = 'reviews' }: Ask) =>
    echoOf(await callThrough(reviews.client.podIp, `http://${host}:${PORT}${path}`, { method, headers })).program;

  test.each(CASES)('VirtualService http.match.%s decides', async (_, match, matching, others) => {
    await reviews.route({ ...forwardRoute([V2, 1]), match: { ...anyRequest, ...match } }, forwardRoute([V1, 1]));
    for (const ask of matching) expect([ask, await destinationOf(ask)]).toEqual([ask, 'reviews-v2']);
    for (const ask of others) expect([ask, await destinationOf(ask)]).toEqual([ask, 'reviews-v1']);
  });

  test('conditions of one match all have to hold', async () => {
    const match = {
      ...anyRequest,
      path: { prefix: '/a' },
      method: { exact: 'PUT' },
      ...header('x-user', { exact: 'jason' }),
    };
    await reviews.route({ ...forwardRoute([V2, 1]), match }, forwardRoute([V1, 1]));
    expect(await destinationOf({ path: '/a', method: 'PUT', ...user('jason') })).toBe('reviews-v2');
    expect(await destinationOf({ path: '/a', method: 'GET', ...user('jason') })).toBe('reviews-v1');
    expect(await destinationOf({ path: '/a', method: 'PUT' })).toBe('reviews-v1');
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { HttpRequest } from './support/programs.ts';
import { prefix, redirect, route, to } from './support/routes.ts';
import type { ServiceName } from './support/shop.ts';
import { CAN_RUN, World } from './support/world.ts';

/** Those of the tests for each mesh test of the conformance suite that are about other paths, hosts and ports. */
describe.skipIf(!CAN_RUN)('services of the mesh with routes that rewrite and redirect (000-43 to 000-46)', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start();
  });
  afterEach(() => expect(world.rejections).toEqual([]));
  afterAll(() => world?.stop());

  test('MeshHTTPRouteRewritePath: a prefix or the whole path is replaced on the way, and the query stays', async () => {
    const rewrite = (path: object) => ({ filters: [{ type: 'URLRewrite', urlRewrite: { path } }], ...to('cart-v1') });
    const replaces = (replacePrefixMatch: string) => rewrite({ type: 'ReplacePrefixMatch', replacePrefixMatch });
    await world.apply(
      route('cart', [
        { matches: [prefix('/prefix/one')], ...replaces('/one') },
        { matches: [prefix('/strip')], ...replaces('/') },
        { matches: [prefix('/full')], ...rewrite({ type: 'ReplaceFullPath', replaceFullPath: '/whole' }) },
      ]),
    );
    const written = ['/prefix/one/two', '/prefix/one', '/strip/three', '/strip', '/full/any/where', '/full?x=1'];
    const answers = await world.ask(
      'cart-v2',
      written.map((path) => ({ to: 'cart', path })),
    );
    expect(answers.map(({ path }) => path)).toEqual(['/one/two', '/one', '/three', '/', '/whole', '/whole?x=1']);
  });

  const located = async (request: HttpRequest) => {
    const [answer] = await world.ask('cart-v1', [request]);
    return [answer?.status, answer?.headers['location']];
  };
  const redirected = async (rule: object, path = '/old/path', service: ServiceName = 'cart') => {
    await world.apply(route(service, [{ matches: [prefix('/')], ...rule }]));
    return located({ to: service, path });
  };

  test('MeshHTTPRouteRedirectHostAndStatus: a redirect names another host and the status', async () => {
    expect(await redirected(redirect({ hostname: 'example.org' }))).toEqual([302, 'http://example.org/old/path']);
    expect(await redirected(redirect({ hostname: 'example.org', statusCode: 301 }))).toEqual([
      301,
      'http://example.org/old/path',
    ]);
  });

  test('MeshHTTPRouteRedirectPath: a redirect replaces a prefix or the whole path', async () => {
    const path = (type: object, match = prefix('/old')) => ({ matches: [match], ...redirect({ path: type }) });
    const prefixed = path({ type: 'ReplacePrefixMatch', replacePrefixMatch: '/new' });
    expect(await redirected(prefixed)).toEqual([302, 'http://cart.shop/new/path']);
    expect(await redirected(prefixed, '/old')).toEqual([302, 'http://cart.shop/new']);
    expect(await redirected(path({ type: 'ReplaceFullPath', replaceFullPath: '/new' }))).toEqual([
      302,
      'http://cart.shop/new',
    ]);
  });

  test('MeshHTTPRouteRedirectPort: a redirect names a port, and leaves out the one that its scheme implies', async () => {
    expect(await redirected(redirect({ hostname: 'example.org', port: 8083 }))).toEqual([
      302,
      'http://example.org:8083/old/path',
    ]);
    expect(await redirected(redirect({ hostname: 'example.org', port: 80 }))).toEqual([
      302,
      'http://example.org/old/path',
    ]);
    // Without one, the port at which the request came in.
    await world.apply(route('cart', [redirect({ hostname: 'example.org' })]));
    expect(await located({ to: 'cart', port: 8081 })).toEqual([302, 'http://example.org:8081/']);
  });

  test('MeshHTTPRouteSchemeRedirect: a redirect changes the scheme, and the port with it', async () => {
    expect(await redirected(redirect({ scheme: 'https', hostname: 'example.org' }))).toEqual([
      302,
      'https://example.org/old/path',
    ]);
    expect(await redirected(redirect({ scheme: 'https', port: 8443 }))).toEqual([
      302,
      'https://cart.shop:8443/old/path',
    ]);
  });

  test.each([303, 307, 308])('MeshHTTPRoute%iRedirect: a redirect has that status', async (statusCode) => {
    expect(await redirected(redirect({ hostname: 'example.org', statusCode }))).toEqual([
      statusCode,
      'http://example.org/old/path',
    ]);
  });
});

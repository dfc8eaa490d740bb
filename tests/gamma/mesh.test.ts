import { isPlausible } from '@meshwise/core/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { HttpAnswer, HttpRequest } from './support/programs.ts';
import { backend, exact, MARK, marks, prefix, route, to } from './support/routes.ts';
import { PODS, type PodName, type ServiceName } from './support/shop.ts';
import { CAN_RUN, World } from './support/world.ts';

const MEASUREMENTS = 10;

function countOf(pods: readonly (string | number)[], name: string): number {
  return pods.filter((pod) => pod === name).length;
}

/**
 * One test for each mesh test of Gateway API's conformance suite, of our own making and under its name: real proxies
 * between real programs, told by resources alone. `docs/gamma.md` is made of the titles, here and in `mesh-redirects.test.ts`.
 */
describe.skipIf(!CAN_RUN)('services of the mesh with routes of the Gateway API (000-43 to 000-46)', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start();
  });
  afterEach(() => expect(world.rejections).toEqual([]));
  afterAll(() => world?.stop());

  async function ask(
    to: HttpRequest['to'],
    more: Partial<HttpRequest> = {},
    from: PodName = 'cart-v1',
  ): Promise<HttpAnswer> {
    const [answer] = await world.ask(from, [{ to, ...more }]);
    if (answer === undefined) throw new Error('no answer');
    return answer;
  }

  /** Where requests lead that differ in one thing. */
  const podsOf = async (requests: readonly HttpRequest[]) =>
    (await world.ask('cart-v1', requests)).map(({ pod, status }) => pod ?? status);

  /**
   * The suite's own bound, five points in 500 requests, which chance breaks every now and then: it measures up to ten times.
   * And ours on all that was measured, which knows how likely chance is.
   */
  async function expectShares(
    measure: () => Promise<readonly (string | number)[]>,
    shares: Readonly<Record<string, number>>,
  ): Promise<void> {
    const all: (string | number)[] = [];
    const isNear = (pods: readonly (string | number)[]) =>
      Object.entries(shares).every(([name, share]) => Math.abs(countOf(pods, name) / pods.length - share) <= 0.05);
    let near = false;
    for (let attempt = 0; attempt < MEASUREMENTS && !near; attempt += 1) {
      const pods = await measure();
      all.push(...pods);
      near = isNear(pods);
    }
    expect(near, `${all}`).toBe(true);
    expect([...new Set(all)].sort()).toEqual(Object.keys(shares).sort());
    for (const [name, share] of Object.entries(shares)) {
      expect(isPlausible(countOf(all, name), all.length, share), `${name}: ${countOf(all, name)}`).toBe(true);
    }
  }

  const times = <T>(count: number, one: T): readonly T[] => Array.from({ length: count }, () => one);

  test('MeshBasic: a client reaches a service about which nothing is said', async () => {
    await world.apply();
    const answers = await world.ask('guest', [{ to: 'cart' }, { to: 'cart-v2', path: '/any?where=1' }]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[1]).toMatchObject({ pod: 'cart-v2', path: '/any?where=1' });
    expect(await world.call('guest', [{ to: 'cart-v1' }])).toEqual(['{"pod":"cart-v1","seen":{}}']);
  });

  test('MeshTrafficSplit: requests to a service are divided between its versions by path', async () => {
    const rules = [
      { matches: [exact('/v1')], ...to('cart-v1') },
      { matches: [exact('/v2')], ...to('cart-v2') },
    ];
    await world.apply(route('cart', rules));
    const found = await podsOf([
      { to: 'cart', path: '/v1' },
      { to: 'cart', path: '/v2' },
      { to: 'cart', path: '/v3' },
    ]);
    expect(found).toEqual(['cart-v1', 'cart-v2', 404]);
  });

  test('MeshFrontend: a route holds for requests to its service, and for none to its pods', async () => {
    await world.apply(route('cart-v2', [{ filters: [marks('routed')], ...to('cart-v2') }]));
    expect(await ask('cart-v2')).toMatchObject({ pod: 'cart-v2', headers: { [MARK]: 'routed' } });
    const direct = await ask(PODS['cart-v2'].address, { port: 8080 });
    expect(direct).toMatchObject({ status: 200, pod: 'cart-v2' });
    expect(direct.headers).not.toHaveProperty(MARK);
  });

  test('MeshFrontendHostname: a route holds at the address of its service, whatever Host says', async () => {
    await world.apply(route('cart-v2', [{ filters: [marks('routed')], ...to('cart-v2') }]));
    for (const host of ['cart-v1', 'cart-v1.shop.svc.cluster.local', 'nobody.example.com']) {
      const answer = await ask('cart-v2', { headers: { host } });
      expect(answer).toMatchObject({ status: 200, pod: 'cart-v2', headers: { [MARK]: 'routed' }, seen: { host } });
    }
    expect((await ask('cart-v1')).headers).not.toHaveProperty(MARK);
    // Of services without routes, the host still says which is meant (ADR 0024).
    expect(await ask('cart-v1', { headers: { host: 'cart-v2.shop' } })).toMatchObject({ pod: 'cart-v2' });
  });

  test('MeshPorts: a parent with a port narrows the route to it, and one without takes all', async () => {
    const at = (port: number) => route('cart-v1', [{ filters: [marks(`port ${port}`)], ...to('cart-v1') }], { port });
    const ports = [80, 8081];
    const seen = async () =>
      (
        await world.ask(
          'cart-v2',
          ports.map((port) => ({ to: 'cart-v1', port })),
        )
      ).map(({ headers }) => headers[MARK]);
    await world.apply(at(80));
    expect(await seen()).toEqual(['port 80', undefined]);
    await world.apply(at(8081));
    expect(await seen()).toEqual([undefined, 'port 8081']);
    await world.apply(route('cart-v1', [{ filters: [marks('all')], ...to('cart-v1') }]));
    expect(await seen()).toEqual(['all', 'all']);
  });

  test('MeshConsumerRoute: a route of another namespace holds for the clients there only, in place of those of the service', async () => {
    const consumer = route('cart-v1', [{ filters: [marks('consumer')], ...to('cart-v1') }], { namespace: 'elsewhere' });
    const seen = async () => [
      (await ask('cart-v1', {}, 'guest')).headers[MARK],
      (await ask('cart-v1', {}, 'cart-v2')).headers[MARK],
    ];
    await world.apply(consumer);
    expect(await seen()).toEqual(['consumer', undefined]);
    await world.apply(consumer, route('cart-v1', [{ filters: [marks('producer')], ...to('cart-v1') }]));
    expect(await seen()).toEqual(['consumer', 'producer']);
  });

  test('MeshHTTPRouteSimpleSameNamespace: a route beside its service leads where it says', async () => {
    await world.apply(route('cart', [to('cart-v2')]));
    expect(await podsOf(times(5, { to: 'cart' }))).toEqual(times(5, 'cart-v2'));
  });

  test('MeshHTTPRouteMatching: paths and headers choose a backend, the more specific one first', async () => {
    const versioned = { headers: [{ name: 'version', value: 'two' }] };
    const rules = [
      { matches: [prefix('/'), { headers: [{ name: 'version', value: 'one' }] }], ...to('cart-v1') },
      { matches: [prefix('/v2'), versioned], ...to('cart-v2') },
    ];
    await world.apply(route('cart', rules));
    const two = { headers: { version: 'two' } };
    const found = await podsOf([
      { to: 'cart', path: '/' },
      { to: 'cart', path: '/example' },
      { to: 'cart', headers: { Version: 'one' } },
      { to: 'cart', path: '/v2' },
      { to: 'cart', path: '/v2/' },
      { to: 'cart', path: '/v2/example' },
      { to: 'cart', path: '/v2example' },
      { to: 'cart', path: '/foo/v2/example' },
      { to: 'cart', ...two },
      { to: 'cart', path: '/foo', headers: { VERSION: 'two' } },
    ]);
    const [one, other] = ['cart-v1', 'cart-v2'];
    expect(found).toEqual([one, one, one, other, other, other, one, one, other, other]);
  });

  test('MeshHTTPRouteQueryParamMatching: parameters choose a backend by their whole value, more of them first', async () => {
    const parameter = (name: string, value: string) => ({ name, value });
    const rules = [
      { matches: [{ queryParams: [parameter('animal', 'whale')] }], ...to('cart-v1') },
      { matches: [{ queryParams: [parameter('animal', 'dolphin')] }], ...to('cart-v2') },
      { matches: [{ queryParams: [parameter('animal', 'whale'), parameter('ANIMAL', 'shark')] }], ...to('cart-v2') },
    ];
    await world.apply(route('cart', rules));
    const paths = [
      '/?animal=whale',
      '/?animal=dolphin',
      '/any?x=1&animal=dolphin',
      '/?animal=whale&ANIMAL=shark',
      '/?Animal=whale',
      '/?animal=whales',
      '/',
    ];
    const found = await podsOf(paths.map((path) => ({ to: 'cart', path })));
    expect(found).toEqual(['cart-v1', 'cart-v2', 'cart-v2', 'cart-v2', 404, 404, 404]);
  });

  test('MeshHTTPRouteWeight: 500 requests are divided as the weights say, and weight 0 gets none', async () => {
    await world.apply(
      route('cart', [{ backendRefs: [backend('cart-v1', { weight: 7 }), backend('cart-v2', { weight: 3 })] }]),
    );
    await expectShares(() => podsOf(times(500, { to: 'cart' })), { 'cart-v1': 0.7, 'cart-v2': 0.3 });
    await world.apply(
      route('cart', [{ backendRefs: [backend('cart-v1', { weight: 7 }), backend('cart-v2', { weight: 0 })] }]),
    );
    await expectShares(() => podsOf(times(100, { to: 'cart' })), { 'cart-v1': 1 });
  }, 60_000);

  test('MeshHTTPRouteRequestHeaderModifier: headers of a request are set, added and removed', async () => {
    const requestHeaderModifier = {
      set: [{ name: 'X-Test-Set', value: 'set' }],
      add: [{ name: 'X-Test-Add', value: 'added' }],
      remove: ['X-Test-Remove'],
    };
    await world.apply(
      route('cart', [{ filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier }], ...to('cart-v1') }]),
    );
    const headers = { 'x-test-set': 'before', 'x-test-add': 'there', 'x-test-remove': 'gone', 'x-test-other': 'stays' };
    const { seen = {} } = await ask('cart', { headers });
    expect(seen).toMatchObject({
      'x-test-set': 'set',
      'x-test-add': expect.stringMatching(/^there, ?added$/),
      'x-test-other': 'stays',
    });
    expect(seen).not.toHaveProperty('x-test-remove');
    expect((await ask('cart')).seen).toMatchObject({ 'x-test-set': 'set', 'x-test-add': 'added' });
  });

  test('MeshHTTPRouteBackendRequestHeaderModifier: headers change for the backend that says so, and for no other', async () => {
    const modifier = (value: string) => ({
      filters: [
        {
          type: 'RequestHeaderModifier',
          requestHeaderModifier: { set: [{ name: 'x-test-set', value }], remove: ['x-test-remove'] },
        },
      ],
    });
    await world.apply(
      route('cart', [
        { matches: [prefix('/one')], backendRefs: [backend('cart-v1', modifier('only'))] },
        { matches: [prefix('/two')], backendRefs: [backend('cart-v1', modifier('first')), backend('cart-v2')] },
      ]),
    );
    const headers = { 'x-test-remove': 'there' };
    const only = await ask('cart', { path: '/one', headers });
    expect(only.seen).toMatchObject({ 'x-test-set': 'only' });
    expect(only.seen).not.toHaveProperty('x-test-remove');
    for (const { pod, seen } of await world.ask('cart-v1', times(40, { to: 'cart', path: '/two', headers }))) {
      expect([seen?.['x-test-set'], seen?.['x-test-remove']]).toEqual(
        pod === 'cart-v1' ? ['first', undefined] : [undefined, 'there'],
      );
    }
  });

  test('MeshHTTPRouteNamedRule: a rule with a name does what it would do without', async () => {
    const rules = [
      { name: 'named', matches: [prefix('/named')], ...to('cart-v1') },
      { matches: [prefix('/unnamed')], ...to('cart-v2') },
    ];
    await world.apply(route('cart', rules));
    expect(
      await podsOf([
        { to: 'cart', path: '/named' },
        { to: 'cart', path: '/unnamed' },
      ]),
    ).toEqual(['cart-v1', 'cart-v2']);
  });

  const grpc = (rules: readonly object[]) => route('cart', rules, { kind: 'GRPCRoute' });
  const grpcBackend = (name: ServiceName, weight = 1) => backend(name, { port: 7070, weight });

  test('MeshGRPCRouteWeight: 500 calls are divided as the weights say', async () => {
    await world.apply(grpc([{ backendRefs: [grpcBackend('cart-v1', 7), grpcBackend('cart-v2', 3)] }]));
    const measure = async () => {
      const answers = await world.call('cart-v1', times(500, { to: 'cart' }));
      return answers.map((answer) => (JSON.parse(answer) as { readonly pod: string }).pod);
    };
    await expectShares(measure, { 'cart-v1': 0.7, 'cart-v2': 0.3 });
  }, 60_000);

  test('MeshGRPCRouteRequestHeaderModifier: headers of a call are set, added and removed, for the method that a rule names', async () => {
    const requestHeaderModifier = {
      set: [{ name: 'x-test-set', value: 'set' }],
      add: [{ name: 'x-test-add', value: 'added' }],
      remove: ['x-test-remove'],
    };
    const filters = [{ type: 'RequestHeaderModifier', requestHeaderModifier }];
    const backendRefs = [grpcBackend('cart-v2')];
    await world.apply(
      grpc([{ matches: [{ method: { service: 'shop.Cart', method: 'Get' } }], filters, backendRefs }, { backendRefs }]),
    );
    const headers = { 'x-test-set': 'before', 'x-test-remove': 'gone' };
    const [changed = '', plain = ''] = await world.call('cart-v1', [
      { to: 'cart', headers },
      { to: 'cart', method: '/shop.Cart/Put', headers },
    ]);
    expect(JSON.parse(changed)).toEqual({ pod: 'cart-v2', seen: { 'x-test-set': 'set', 'x-test-add': 'added' } });
    expect(JSON.parse(plain)).toEqual({ pod: 'cart-v2', seen: headers });
  });
});

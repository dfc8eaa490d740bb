import { isPlausible } from '@meshwise/core/testing';
import type { Resource } from '@meshwise/resources';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { backend, exact, route, to } from './support/routes.ts';
import { CAN_RUN, World } from './support/world.ts';

const REQUESTS = 300;

/** What clients see where a route leads nowhere, and of groups of conditions that stand in other resources. */
describe.skipIf(!CAN_RUN)('routes between services that lead nowhere', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start();
  });
  afterEach(() => expect(world.rejections).toEqual([]));
  afterAll(() => world?.stop());

  const nowhere = { name: 'nope', port: 80 };
  const ask = (path = '/', count = 1) =>
    world.ask(
      'cart-v1',
      Array.from({ length: count }, () => ({ to: 'cart', path })),
    );

  test('HTTPRoute rules.backendRefs: a backend that is not there refuses its share with 500, and the others keep theirs', async () => {
    await world.apply(route('cart', [{ backendRefs: [backend('cart-v2', { weight: 3 }), { ...nowhere, weight: 1 }] }]));
    const answers = await ask('/', REQUESTS);
    const refused = answers.filter(({ status }) => status === 500);
    expect(answers.filter(({ pod }) => pod === 'cart-v2')).toHaveLength(REQUESTS - refused.length);
    expect(isPlausible(refused.length, REQUESTS, 0.25), `${refused.length}`).toBe(true);
  });

  test('a rule without a backend that counts answers 500; what no rule takes, 404', async () => {
    await world.apply(
      route('cart', [
        { matches: [exact('/none')] },
        { matches: [exact('/zero')], backendRefs: [backend('cart-v1', { weight: 0 })] },
        { matches: [exact('/nope')], backendRefs: [nowhere] },
        { matches: [exact('/here')], ...to('cart-v1') },
      ]),
    );
    const statuses = async (path: string) => (await ask(path)).map(({ status }) => status);
    const found = await Promise.all(['/none', '/zero', '/nope', '/here', '/other'].map(statuses));
    expect(found.flat()).toEqual([500, 500, 500, 200, 404]);
  });

  test('a service without endpoints answers 503', async () => {
    const empty: Resource = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'empty', namespace: 'shop' },
      spec: { clusterIP: '10.96.0.99', selector: { app: 'nobody' }, ports: [{ name: 'http', port: 80 }] },
    };
    await world.apply(empty, route('cart', [{ backendRefs: [{ name: 'empty', port: 80 }] }]));
    expect((await ask())[0]).toMatchObject({ status: 503 });
  });

  test('GRPCRoute rules.backendRefs: calls that are refused fail with UNAVAILABLE (14)', async () => {
    await world.apply(route('cart', [{ backendRefs: [{ name: 'nope', port: 7070 }] }], { kind: 'GRPCRoute' }));
    expect(await world.call('cart-v1', [{ to: 'cart' }])).toEqual(['failed 14']);
  });

  test('HTTPRouteGroup matches: what a group of a TrafficSplit names is split, and everything else is not', async () => {
    const group = {
      apiVersion: 'specs.smi-spec.io/v1alpha4',
      kind: 'HTTPRouteGroup',
      metadata: { name: 'canary', namespace: 'shop' },
      spec: {
        matches: [
          { name: 'beta', pathRegex: '/beta', methods: ['GET', 'PUT'] },
          { name: 'header', methods: ['*'], headers: [{ 'x-canary': '^(on|yes)$' }] },
        ],
      },
    } as Resource;
    const split = {
      apiVersion: 'split.smi-spec.io/v1alpha4',
      kind: 'TrafficSplit',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: {
        service: 'cart-v1',
        backends: [{ service: 'cart-v2', weight: 1 }],
        matches: [{ kind: 'HTTPRouteGroup', name: 'canary' }],
      },
    } as Resource;
    await world.apply(group, split);
    const found = await world.ask('cart-v2', [
      { to: 'cart-v1', path: '/beta' },
      { to: 'cart-v1', path: '/beta/more?x=1', method: 'PUT' },
      { to: 'cart-v1', path: '/any', headers: { 'x-canary': 'yes' } },
      { to: 'cart-v1', path: '/beta', method: 'POST' },
      { to: 'cart-v1', path: '/my/beta' },
      { to: 'cart-v1', path: '/any', headers: { 'x-canary': 'yesterday' } },
    ]);
    const [one, other] = ['cart-v1', 'cart-v2'];
    expect(found.map(({ pod }) => pod)).toEqual([other, other, other, one, one, one]);
  });
});

import * as fc from 'fast-check';
import type { KubeObject } from '../../../tools/cluster/kube-api.ts';
import {
  destinationRule,
  enter,
  type Fixture,
  gateway,
  get,
  type Question,
  virtualService,
} from '../support/fixture.ts';
import { LANGUAGES, PATHS, rule, USERS } from './rules.ts';

const SHOP = ['details', 'orders', 'users'];
const PUBLIC = ['a.example.com', 'b.example.com'];
const namespace = fc.constantFrom('shop', 'shop', 'billing', 'istio-system');
const exportTo = fc.constantFrom(undefined, undefined, undefined, ['.'], ['*'], ['shop'], ['billing']);
const fullName = (name: string) => `${name}.shop.svc.cluster.local`;

const hosts = fc.oneof(
  { weight: 5, arbitrary: fc.uniqueArray(fc.constantFrom(...SHOP.map(fullName)), { minLength: 1, maxLength: 2 }) },
  { weight: 1, arbitrary: fc.constant(['*.shop.svc.cluster.local']) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(['a.example.com'], ['*.example.com'], ['b.example.com', 'a.example.com'], ['*']),
  },
);
const gateways = fc.constantFrom(undefined, ['mesh', 'istio-system/edge'], ['istio-system/edge']);

/** Virtual services have a name each, so that a replay makes the same order of age and name. */
const virtualServices = (isShared: boolean) =>
  fc
    .array(fc.tuple(namespace, hosts, gateways, exportTo, fc.array(rule(isShared), { minLength: 1, maxLength: 4 })), {
      minLength: 1,
      maxLength: 3,
    })
    .map((list) =>
      list.map(([where, names, at, seenBy, http], index) => {
        // A wildcard for everything is for gateways: in the mesh it would take the marker too.
        const isForAll = names.some((name) => name === '*' || name === '*.shop.svc.cluster.local');
        const bound = isForAll ? ['istio-system/edge'] : at;
        return virtualService(`${where}/r${index}`, {
          hosts: names,
          http,
          ...(bound === undefined ? {} : { gateways: bound }),
          ...(seenBy === undefined ? {} : { exportTo: seenBy }),
        });
      }),
    );

const subsets = (...names: readonly string[]) => names.map((name) => ({ name, labels: { version: name } }));
const policies = fc.constantFrom(
  undefined,
  { loadBalancer: { simple: 'RANDOM' } },
  { connectionPool: { http: { maxRequestsPerConnection: 1 } } },
  { tls: { mode: 'DISABLE' } },
);
const destinationRules = fc
  .uniqueArray(
    fc.tuple(
      namespace,
      fc.constantFrom('reviews', 'ratings'),
      fc.constantFrom(['v1', 'v2', 'v3'], ['v1', 'v2'], ['v3']),
      policies,
      exportTo,
    ),
    { minLength: 1, maxLength: 4, selector: ([where, name]) => `${where}/${name}` },
  )
  .map((list) =>
    list.map(([where, name, versions, trafficPolicy, seenBy]) =>
      destinationRule(`${where}/${name}`, {
        host: fullName(name),
        subsets: subsets(...versions),
        ...(trafficPolicy === undefined ? {} : { trafficPolicy }),
        ...(seenBy === undefined ? {} : { exportTo: seenBy }),
      }),
    ),
  );

const EDGE: KubeObject = gateway('istio-system/edge', {
  selector: { istio: 'ingressgateway' },
  servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
});

const behave = fc.constantFrom(
  undefined,
  undefined,
  undefined,
  'status=503;first=1',
  'status=500',
  'reset;first=1',
  'delay=700',
);
const question = (isShared: boolean): fc.Arbitrary<Question> =>
  fc
    .record({
      host: fc.constantFrom(...SHOP, ...SHOP.map(fullName), ...PUBLIC),
      port: fc.constantFrom(80, 80, 80, 9090),
      path: fc.constantFrom(...PATHS),
      language: fc.constantFrom(undefined, ...LANGUAGES),
      method: fc.constantFrom('GET', 'GET', 'POST', 'OPTIONS'),
      user: fc.constantFrom(undefined, ...USERS),
      role: fc.constantFrom(undefined, 'ann'),
      origin: fc.constantFrom(undefined, undefined, 'https://a.example.com', 'https://b.example.com'),
      behave: isShared ? fc.constant(undefined) : behave,
    })
    .map(({ host, port, path, language, method, user, role, origin, behave: how }) => {
      const query = language === undefined ? '' : `?lang=${language}`;
      const headers = {
        ...(user === undefined ? {} : { 'x-user': user }),
        ...(role === undefined ? {} : { 'x-role': role }),
        ...(origin === undefined ? {} : { origin, 'access-control-request-method': 'POST' }),
      };
      const options = {
        method,
        headers,
        ...(how === undefined ? {} : { behave: how }),
        ...(isShared ? { times: SHARED } : {}),
      };
      if (PUBLIC.includes(host)) return enter(`${host}${path}${query}`, options);
      return get(`${host}:${port}${path}${query}`, { ...options, ...(port === 80 ? { authority: host } : {}) });
    });

const SHARED = 50;

function fixture(isShared: boolean): fc.Arbitrary<Fixture> {
  const questions = fc.array(question(isShared), { minLength: isShared ? 8 : 30, maxLength: isShared ? 8 : 30 });
  const delegate = fc.array(
    rule(isShared).filter((one) => !('delegate' in one)),
    { minLength: 1, maxLength: 3 },
  );
  return fc
    .tuple(virtualServices(isShared), delegate, destinationRules, questions)
    .map(([rules, part, policies, asked]) => ({
      name: isShared ? 'rules that divide requests' : 'rules',
      fields: ['at random'],
      resources: [EDGE, virtualService('shop/part', { http: part }), ...policies, ...rules],
      questions: asked,
    }));
}

/** As many sets of random resources and requests; the same for the same seed. One in six divides requests. */
export function randomFixtures(seed: number, count: number): readonly Fixture[] {
  const any = fc.oneof({ weight: 5, arbitrary: fixture(false) }, { weight: 1, arbitrary: fixture(true) });
  return fc.sample(any, { seed, numRuns: count });
}

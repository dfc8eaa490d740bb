import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { TestMesh, target } from '../testing/mesh.ts';
import { service, sidecar, virtualService, workload } from '../testing/resources.ts';

const reviews = service('reviews', [{ name: 'http', port: 80 }]);
const ratings = service('shop/ratings', [{ name: 'http', port: 80 }], { spec: { clusterIP: '10.96.0.2' } });
const ROUTE = [{ destination: { host: 'ratings' } }];
const mesh = (...resources: readonly Resource[]) => new TestMesh(reviews, ratings, ...resources);
const root = (rule: object) => virtualService('root', { hosts: ['reviews'], http: [rule] });
const delegate = (http: readonly object[], spec: object = {}) => virtualService('shop/part', { http, ...spec });
const TO_PART = { delegate: { name: 'part', namespace: 'shop' } };

describe('VirtualService http.delegate (001-41)', () => {
  it('puts the rules of the other one in its place, whose short names belong to its namespace', () => {
    const plan = mesh(
      root({ match: [{ uri: { prefix: '/a' } }], ...TO_PART }),
      delegate([{ match: [{ uri: { exact: '/a/b' } }], route: ROUTE }, { route: ROUTE }]),
    );
    const routes = plan.routes('reviews');
    expect(routes.map(({ match }) => match.path)).toEqual([{ exact: '/a/b' }, { prefix: '/a' }]);
    expect(routes.map(target)).toEqual([
      'ratings.shop.svc.cluster.local|80:100',
      'ratings.shop.svc.cluster.local|80:100',
    ]);
    expect(routes[0]?.origin).toMatchObject({ resource: { namespace: 'shop', name: 'part' }, field: 'spec.http[0]' });
  });

  it('inherits what is left unsaid, and joins names', () => {
    const said = {
      name: 'root',
      timeout: '1s',
      retries: { attempts: 7 },
      rewrite: { uri: '/x' },
      fault: { abort: { httpStatus: 500, percentage: { value: 1 } } },
      corsPolicy: { allowMethods: ['GET'] },
      headers: { request: { set: { a: '1' } } },
      mirror: { host: 'reviews' },
    };
    const [first, second] = mesh(
      root({ ...said, ...TO_PART }),
      delegate([
        { match: [{ method: { exact: 'GET' } }], route: ROUTE },
        { name: 'own', timeout: '2s', headers: { response: { remove: ['b'] } }, route: ROUTE },
      ]),
    ).routes('reviews');
    expect(first).toMatchObject({
      name: 'root',
      fault: { abort: { httpStatus: 500 } },
      cors: { allowMethods: ['GET'] },
      requestHeaders: { set: { a: '1' } },
      action: {
        timeoutMs: 1000,
        retries: { attempts: 7 },
        rewrite: { path: '/x' },
        mirrors: [{ cluster: 'outbound|80||reviews.default.svc.cluster.local', percent: 100 }],
      },
    });
    expect(second).toMatchObject({ name: 'root-own', action: { timeoutMs: 2000 }, responseHeaders: { remove: ['b'] } });
    expect(second).not.toHaveProperty('requestHeaders');
  });

  const merged = (wide: object, narrow: object) => {
    const plan = mesh(root({ match: [wide], ...TO_PART }), delegate([{ match: [narrow], route: ROUTE }]));
    return plan.routes('reviews').filter(({ action }) => target({ action } as never).startsWith('ratings'));
  };

  it.each([
    [{ uri: { prefix: '/a' } }, { uri: { prefix: '/a/b' } }],
    [{ uri: { prefix: '/a' } }, { uri: { exact: '/a' } }],
    [{ uri: { prefix: '/a' } }, { headers: { b: { exact: '1' } } }],
    [{ headers: { a: { exact: '1' } } }, { headers: { a: { exact: '1' }, b: {} } }],
    [{ queryParams: { a: { prefix: 'x' } } }, { queryParams: { a: { exact: 'xy' } } }],
    [{ port: 80 }, { port: 80 }],
    [{ method: { exact: 'GET' } }, { uri: { regex: '/.*' } }],
  ])('narrows %j to %j', (wide, narrow) => {
    expect(merged(wide, narrow)).toHaveLength(1);
  });

  it.each([
    [{ uri: { prefix: '/a/b' } }, { uri: { prefix: '/a' } }],
    [{ uri: { exact: '/a' } }, { uri: { prefix: '/a' } }],
    [{ uri: { regex: '/a' } }, { uri: { exact: '/a' } }],
    [{ uri: { prefix: '/a' } }, { uri: { regex: '/a.*' } }],
    [{ uri: { prefix: '/a' }, ignoreUriCase: true }, { uri: { prefix: '/a' } }],
    [{ uri: { regex: '/a.*' }, ignoreUriCase: true }, { method: { exact: 'GET' } }],
    [{ method: { exact: 'GET' } }, { port: 80, ignoreUriCase: true }],
    [{ headers: { a: { exact: '1' } } }, { headers: { a: { exact: '2' } } }],
    [{ port: 80 }, { port: 81 }],
    [{ sourceNamespace: 'default' }, {}],
    [{ sourceLabels: { a: '1' } }, { sourceLabels: { a: '2' } }],
  ])('leaves the rule out where %j is not as wide as %j', (wide, narrow) => {
    expect(merged(wide, narrow)).toEqual([]);
  });

  it('keeps sidecars apart by the labels that only the delegate looks at', () => {
    const plan = mesh(
      root(TO_PART),
      delegate([{ match: [{ sourceLabels: { v: '2' } }], route: ROUTE }, { route: ROUTE }]),
    );
    const proxy = sidecar(workload('client', { v: '2', other: 'x' }));
    plan.model.setProxy(proxy);
    expect(plan.model.scopeOf(proxy.id)).toBe('sidecar/default?v=2');
  });

  it('says why a delegation leads nowhere, and goes on with the other rules', () => {
    const rules = root({ match: [{ uri: { exact: '/a' } }], ...TO_PART });
    const other = { route: [{ destination: { host: 'reviews' } }] };
    const both = virtualService('root', { hosts: ['reviews'], http: [TO_PART, other] });
    expect(mesh(both).routes('reviews').map(target)).toEqual(['reviews|80:100']);
    const remarksWith = (...resources: readonly Resource[]) => mesh(rules, ...resources).remarks(rules);
    expect(remarksWith()).toEqual([
      'invalid: spec.http[0].delegate: there is no VirtualService shop/part; the rule is left out',
    ]);
    expect(remarksWith(delegate([{ route: ROUTE }], { exportTo: ['.'] }))).toEqual([
      'invalid: spec.http[0].delegate: shop/part is not exported to default; the rule is left out',
    ]);
    expect(remarksWith(delegate([{ route: ROUTE }], { hosts: ['ratings'] }))[0]).toContain('has hosts');
    expect(remarksWith(delegate([TO_PART]))[0]).toContain('delegates further');
    expect(remarksWith(delegate([{ match: [{ uri: { prefix: '/' } }], route: ROUTE }]))[0]).toContain(
      'is left out: its match is not within the match here',
    );
    expect(remarksWith(delegate([{ route: ROUTE }]))).toEqual([]);
  });

  it('follows the delegate when it changes', () => {
    const plan = mesh(root(TO_PART), delegate([{ route: ROUTE }]));
    plan.apply(delegate([{ directResponse: { status: 418 } }]));
    expect(plan.routes('reviews').map(target)).toEqual(['418']);
  });
});

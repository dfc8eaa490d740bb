import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { TestMesh, target } from '../testing/mesh.ts';
import { age, destinationRule, service, sidecar, virtualService, workload } from '../testing/resources.ts';

const reviews = service('reviews', [{ name: 'http', port: 9080 }]);
const ratings = service(
  'ratings',
  [
    { name: 'http', port: 9080 },
    { name: 'grpc', port: 90 },
  ],
  { spec: { clusterIP: '10.96.0.2' } },
);
const subsets = destinationRule('reviews', {
  host: 'reviews',
  subsets: [
    { name: 'v1', labels: {} },
    { name: 'v2', labels: {} },
  ],
});
const to = (host: string, more: object = {}, weight?: number) => ({
  destination: { host, ...more },
  ...(weight === undefined ? {} : { weight }),
});
const mesh = (...resources: readonly Resource[]) => new TestMesh(reviews, ratings, subsets, ...resources);

describe('000-33 routing: rules of a VirtualService', () => {
  it('become routes in their order, one per alternative', () => {
    const routing = virtualService('reviews', {
      hosts: ['reviews'],
      http: [
        {
          name: 'beta',
          match: [{ uri: { prefix: '/a' }, name: 'x' }, { uri: { prefix: '/b' } }],
          route: [to('reviews', { subset: 'v2' })],
        },
        { route: [to('reviews', { subset: 'v1' }, 75), to('reviews', { subset: 'v2' }, 25)] },
      ],
    });
    const routes = mesh(routing).routes('reviews');
    expect(routes.map(target)).toEqual([
      'v2.reviews|9080:100',
      'v2.reviews|9080:100',
      'v1.reviews|9080:75 v2.reviews|9080:25',
    ]);
    expect(routes.map(({ name }) => name)).toEqual(['beta.x', 'beta', undefined]);
    expect(routes[2]?.origin).toMatchObject({
      resource: { kind: 'VirtualService', name: 'reviews' },
      field: 'spec.http[1]',
    });
  });

  it('replace the default: what no rule matches has no route', () => {
    const routing = virtualService('reviews', {
      hosts: ['reviews'],
      http: [{ match: [{ uri: { exact: '/a' } }], route: [to('reviews')] }],
    });
    expect(mesh(routing).routes('reviews')).toHaveLength(1);
  });

  it('leave out destinations without weight among several, and give a single one everything', () => {
    const split = virtualService('reviews', {
      hosts: ['reviews'],
      http: [{ route: [to('reviews', { subset: 'v1' }, 0), to('reviews', { subset: 'v2' }, 5)] }],
    });
    expect(mesh(split).routes('reviews').map(target)).toEqual(['v2.reviews|9080:5']);
    const single = virtualService('reviews', { hosts: ['reviews'], http: [{ route: [to('reviews', {}, 0)] }] });
    expect(mesh(single).routes('reviews').map(target)).toEqual(['reviews|9080:100']);
  });

  it('VirtualService http.route.destination: host, subset and port.number say where to', () => {
    const far = { destination: { host: 'ratings', port: { number: 90 } }, weight: 1 };
    const near = { destination: { host: 'reviews', subset: 'v2', port: { number: 9080 } }, weight: 2 };
    const routing = virtualService('reviews', { hosts: ['reviews'], http: [{ route: [far, near] }] });
    expect(mesh(routing).routes('reviews').map(target)).toEqual(['ratings|90:1 v2.reviews|9080:2']);
  });

  it('send to the only port of a destination, else to the port the request came to', () => {
    const routing = virtualService('ratings', {
      hosts: ['ratings'],
      http: [{ match: [{ uri: { exact: '/r' } }], route: [to('reviews')] }, { route: [to('ratings')] }],
    });
    const plan = mesh(routing);
    const ofRatings = plan
      .sidecar()
      .httpPorts.map(({ virtualHosts }) =>
        virtualHosts.find(({ name }) => name.startsWith('ratings'))?.routes.map(target),
      );
    expect(ofRatings).toEqual([
      ['reviews|9080:100', 'ratings|90:100'],
      ['reviews|9080:100', 'ratings|9080:100'],
    ]);
    expect(plan.sidecar().httpPorts.map(({ port }) => port)).toEqual([90, 9080]);
  });

  it('VirtualService http.match.port: they hold for the port they name only', () => {
    const routing = virtualService('ratings', {
      hosts: ['ratings'],
      http: [{ match: [{ port: 90 }], redirect: { uri: '/x' } }, { route: [to('ratings')] }],
    });
    const targets = mesh(routing)
      .sidecar()
      .httpPorts.map(({ virtualHosts }) =>
        virtualHosts.find(({ name }) => name.startsWith('ratings'))?.routes.map(target),
      );
    // Behind a route that takes everything, nothing is reached.
    expect(targets).toEqual([['→ /x'], ['ratings|9080:100']]);
  });

  it('get the retries of the mesh unless they have their own', () => {
    const routing = virtualService('reviews', {
      hosts: ['reviews'],
      http: [
        { match: [{ uri: { exact: '/a' } }], retries: { attempts: 0 }, route: [to('reviews')] },
        { route: [to('reviews')] },
      ],
    });
    const retries = mesh(routing)
      .routes('reviews')
      .map(({ action }) => action.kind === 'forward' && action.retries?.attempts);
    expect(retries).toEqual([0, 2]);
  });
});

describe('which VirtualService holds for sidecars', () => {
  const respond = (status: number) => [{ directResponse: { status } }];

  it('is the oldest for a host; the others are reported', () => {
    const young = virtualService('a-young', { hosts: ['reviews'], http: respond(202) }, age(2));
    const old = virtualService('b-old', { hosts: ['reviews.default.svc.cluster.local'], http: respond(201) }, age(1));
    const both = mesh(young, old);
    expect(both.routes('reviews').map(target)).toEqual(['201']);
    expect(both.remarks(young)).toEqual(['invalid: spec.hosts[0]: sidecars follow default/b-old for this host']);
    expect(both.remarks(old)).toEqual([]);
  });

  it('is one for the exact host before one for a pattern', () => {
    const wide = virtualService('wide', { hosts: ['*.default.svc.cluster.local'], http: respond(202) }, age(1));
    const exact = virtualService('exact', { hosts: ['reviews'], http: respond(201) }, age(2));
    const both = mesh(wide, exact);
    expect(both.routes('reviews').map(target)).toEqual(['201']);
    expect(both.routes('ratings').map(target)).toEqual(['202']);
  });

  it('VirtualService gateways: it is not one that is bound to gateways only', () => {
    const routing = virtualService('front', { hosts: ['reviews'], gateways: ['gw'], http: respond(418) });
    expect(mesh(routing).routes('reviews').map(target)).toEqual(['reviews|9080:100']);
  });

  it('takes only rules for the mesh from one that is bound to both', () => {
    const routing = virtualService('front', {
      hosts: ['reviews'],
      gateways: ['gw', 'mesh'],
      http: [
        { match: [{ gateways: ['gw'] }], directResponse: { status: 418 } },
        { match: [{ gateways: ['mesh'] }], directResponse: { status: 200 } },
      ],
    });
    expect(mesh(routing).routes('reviews').map(target)).toEqual(['200']);
  });

  it('VirtualService exportTo: it is one that the client may see', () => {
    const hidden = virtualService('hidden', { hosts: ['reviews'], exportTo: ['.'], http: respond(418) });
    const both = mesh(hidden);
    expect(both.routes('reviews').map(target)).toEqual(['418']);
    expect(both.routes('reviews', both.sidecar('shop')).map(target)).toEqual(['reviews|9080:100']);
  });
});

describe('rules that look at the client', () => {
  const canary = workload('client-1', { app: 'client', version: 'v2', 'pod-template-hash': 'abc' });
  const stable = workload('client-2', { app: 'client', version: 'v1', 'pod-template-hash': 'def' });

  it('leave sidecars of a namespace in one scope when nobody looks at labels', () => {
    const plain = mesh();
    for (const served of [canary, stable]) plain.model.setProxy(sidecar(served));
    expect([canary, stable].map((served) => plain.model.scopeOf(sidecar(served).id))).toEqual([
      'sidecar/default',
      'sidecar/default',
    ]);
  });

  it('VirtualService http.match.sourceLabels: they tell sidecars apart by the labels they look at, and only by those', () => {
    const routing = virtualService('reviews', {
      hosts: ['reviews'],
      http: [
        { match: [{ sourceLabels: { version: 'v2' } }], route: [to('reviews', { subset: 'v2' })] },
        { route: [to('reviews', { subset: 'v1' })] },
      ],
    });
    const labelled = mesh(routing);
    const scopes = [canary, stable].map((served) => {
      labelled.model.setProxy(sidecar(served));
      return labelled.model.scopeOf(sidecar(served).id);
    });
    expect(scopes).toEqual(['sidecar/default?version=v2', 'sidecar/default?version=v1']);
    const targets = scopes.map((scope) => labelled.routes('reviews', labelled.model.outbound(scope)).map(target));
    expect(targets).toEqual([['v2.reviews|9080:100'], ['v1.reviews|9080:100']]);
    const [a, b] = scopes.map((scope) => labelled.virtualHost('ratings', labelled.model.outbound(scope)));
    expect(a).toBe(b);
  });

  it('VirtualService http.match.sourceNamespace: they hold for the namespace they name', () => {
    const routing = virtualService('reviews', {
      hosts: ['reviews'],
      http: [{ match: [{ sourceNamespace: 'shop' }], directResponse: { status: 418 } }, { route: [to('reviews')] }],
    });
    const plan = mesh(routing);
    expect(plan.routes('reviews', plan.sidecar('shop')).map(target)).toEqual(['418']);
    expect(plan.routes('reviews').map(target)).toEqual(['reviews|9080:100']);
  });
});

describe('references to what is not there', () => {
  const split = (...route: readonly object[]) => virtualService('reviews', { hosts: ['reviews'], http: [{ route }] });

  it('get their share of requests answered 503 while the rest goes on, and are reported', () => {
    const routing = split(to('reviews', { subset: 'v1' }, 90), to('reviews', { subset: 'v9' }, 10));
    const plan = mesh(routing);
    expect(plan.routes('reviews').map(target)).toEqual(['v1.reviews|9080:90 v9.reviews|9080:10']);
    const name = 'outbound|9080|v9|reviews.default.svc.cluster.local';
    expect(plan.sidecar().clusters.find((cluster) => cluster.name === name)).toMatchObject({ tls: { mode: 'plain' } });
    expect(plan.sidecar().endpoints.find(({ cluster }) => cluster === name)?.endpoints).toEqual([]);
    expect(plan.remarks(routing)).toEqual([
      'invalid: spec.http[0].route[1].destination: no DestinationRule gives reviews.default.svc.cluster.local a subset v9; this share of requests gets 503',
    ]);
  });

  it.each([
    [to('nowhere'), 'there is no service nowhere.default.svc.cluster.local'],
    [to('reviews', { port: { number: 1 } }), 'the service reviews.default.svc.cluster.local has no TCP port 1'],
    [to('reviews', { subset: 'v9' }), 'no DestinationRule gives reviews.default.svc.cluster.local a subset v9'],
  ])('answer 503 when nothing else is left: %j', (route, reason) => {
    const routing = split(route);
    const plan = mesh(routing);
    expect(plan.routes('reviews').map(target)).toEqual(['503']);
    expect(plan.remarks(routing)).toEqual([expect.stringContaining(reason)]);
  });

  it('disappear when what was missing comes', () => {
    const routing = split(to('late'));
    const plan = mesh(routing);
    expect(plan.routes('reviews').map(target)).toEqual(['503']);
    plan.apply(service('late', [{ name: 'http', port: 80 }]));
    expect(plan.routes('reviews').map(target)).toEqual(['late|80:100']);
    expect(plan.remarks(routing)).toEqual([]);
  });

  it('are reported for hosts and gateways too', () => {
    const lost = virtualService('lost', { hosts: ['lost'], gateways: ['mesh', 'infra/gw'], http: [] });
    expect(mesh(lost).remarks(lost)).toEqual([
      'invalid: spec.gateways[1]: there is no Gateway infra/gw',
      'invalid: spec.hosts[0]: there is no service lost.default.svc.cluster.local; sidecars know it on HTTP ports of others only',
    ]);
    const rule = destinationRule('lost', { host: 'lost' });
    expect(mesh(rule).remarks(rule)).toEqual([
      'invalid: spec.host: there is no service lost.default.svc.cluster.local',
    ]);
  });
});

import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { TestMesh, target } from '../testing/mesh.ts';
import { age, service, virtualService } from '../testing/resources.ts';

/**
 * Who decides where requests for one host go, when several dialects speak of it: the table of ADR 0024. Each contender
 * leads to a service of its own name, so that the plan says who has won.
 */
const HOST = 'reviews.default.svc.cluster.local';
const CLIENT = 'client';

type Contender = (createdAt: number) => Resource;

function rule(name: string, hosts: string, backend: string, spec: object = {}): Contender {
  return (createdAt) =>
    virtualService(
      name,
      {
        hosts: [hosts],
        http: [{ route: [{ destination: { host: `${backend}.default.svc.cluster.local` } }] }],
        ...spec,
      },
      age(createdAt),
    );
}

function route(kind: 'HTTPRoute' | 'GRPCRoute', namespace: string, backend: string): Contender {
  return (createdAt) =>
    ({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind,
      metadata: { namespace, name: backend, ...age(createdAt) },
      spec: {
        parentRefs: [{ group: '', kind: 'Service', namespace: 'default', name: 'reviews' }],
        rules: [{ backendRefs: [{ namespace: 'default', name: backend, port: 80 }] }],
      },
    }) as Resource;
}

const split: Contender = (createdAt) =>
  ({
    apiVersion: 'split.smi-spec.io/v1alpha4',
    kind: 'TrafficSplit',
    metadata: { namespace: 'default', name: 'split', ...age(createdAt) },
    spec: { service: 'reviews', backends: [{ service: 'split', weight: 1 }] },
  }) as Resource;

const contenders = {
  'private-rule': rule('client/private-rule', HOST, 'private-rule', { exportTo: ['.'] }),
  'named-rule': rule('other/named-rule', HOST, 'named-rule', { exportTo: [CLIENT] }),
  'consumer-route': route('HTTPRoute', CLIENT, 'consumer-route'),
  'public-rule': rule('other/public-rule', HOST, 'public-rule'),
  'producer-route': route('HTTPRoute', 'default', 'producer-route'),
  'grpc-route': route('GRPCRoute', 'default', 'grpc-route'),
  'pattern-rule': rule('other/pattern-rule', '*.default.svc.cluster.local', 'pattern-rule'),
  split,
} as const;
type Name = keyof typeof contenders;

const names = Object.keys(contenders) as readonly Name[];
const services = ['reviews', ...names].map((name, index) =>
  service(name, [{ name: 'http', port: 80 }], { spec: { clusterIP: `10.96.0.${index + 1}` } }),
);

function winner(resources: readonly Resource[], namespace = CLIENT): string {
  const mesh = new TestMesh(...services, ...resources);
  const plan = mesh.sidecar(namespace);
  return mesh.routes('reviews.default', plan).map(target).join(' ').replace(/\|.*$/, '');
}

/** Whoever stands further up goes first, whichever is older. Names in one line are told apart by their age. */
const TABLE: readonly (readonly Name[])[] = [
  ['private-rule'],
  ['named-rule'],
  ['consumer-route'],
  ['public-rule', 'grpc-route'],
  ['public-rule', 'producer-route'],
  ['pattern-rule'],
  ['split'],
];

const rankOf = (name: Name) => TABLE.findIndex((line) => line.includes(name));
const pairs = names.flatMap((first, index) => names.slice(index + 1).map((second) => [first, second] as const));
const areTold = (a: Name, b: Name) => TABLE.some((line) => line.includes(a) && line.includes(b));

describe('one host, one dialect (000-46)', () => {
  it.each(names)('%s alone decides', (name) => {
    expect(winner([contenders[name](1)])).toBe(name);
  });

  it('nobody: the service itself', () => {
    expect(winner([])).toBe('reviews');
  });
});

describe('one host, two dialects', () => {
  it.each(pairs.filter(([a, b]) => !areTold(a, b)))(
    '%s and %s: the one further up decides, whichever is older',
    (a, b) => {
      const expected = rankOf(a) < rankOf(b) ? a : b;
      expect(winner([contenders[a](1), contenders[b](2)])).toBe(expected);
      expect(winner([contenders[a](2), contenders[b](1)])).toBe(expected);
    },
  );

  it.each(pairs.filter(([a, b]) => areTold(a, b)))('%s and %s: the older decides, as in Istio', (a, b) => {
    expect(winner([contenders[a](1), contenders[b](2)])).toBe(a);
    expect(winner([contenders[a](2), contenders[b](1)])).toBe(b);
  });

  it('clients in the namespace of the service follow its routes, whatever is older', () => {
    for (const route of ['producer-route', 'grpc-route'] as const) {
      expect(winner([contenders['public-rule'](1), contenders[route](2)], 'default')).toBe(route);
      expect(winner([contenders['public-rule'](2), contenders[route](1)], 'default')).toBe(route);
    }
  });

  it('a rule and a route of one second: the route', () => {
    expect(winner([contenders['public-rule'](1), contenders['producer-route'](1)])).toBe('producer-route');
  });

  it('what is only for the clients of one namespace is no matter for the others', () => {
    const all = names.map((name, index) => contenders[name](names.length - index));
    expect(winner(all)).toBe('private-rule');
    expect(winner(all, 'elsewhere')).toBe('grpc-route');
  });
});

describe('whoever loses', () => {
  const remarks = (loser: Name, other: Name) => {
    const [first, second] = [contenders[other](1), contenders[loser](2)];
    const mesh = new TestMesh(...services, first, second);
    return mesh.remarks(second);
  };

  it('VirtualService spec.hosts: is told which route goes first', () => {
    expect(remarks('public-rule', 'producer-route')).toEqual([
      `invalid: spec.hosts[0]: is not used for ${HOST}: HTTPRoute default/producer-route speaks of the same host and goes first`,
    ]);
    expect(remarks('private-rule', 'producer-route')).toEqual([]);
  });

  it('HTTPRoute spec.parentRefs: is told which VirtualService goes first, and with whom', () => {
    expect(remarks('producer-route', 'public-rule')).toEqual([
      `invalid: spec.parentRefs[0]: is not used for ${HOST} by clients of other namespaces: VirtualService other/public-rule speaks of the same host and goes first`,
    ]);
    expect(remarks('consumer-route', 'named-rule')).toEqual([
      `invalid: spec.parentRefs[0]: is not used for ${HOST}: VirtualService other/named-rule speaks of the same host and goes first`,
    ]);
  });

  it('TrafficSplit spec.service: is told which VirtualService or route goes first', () => {
    const message = (whoever: string) => [
      `invalid: spec.service: is not used for ${HOST}: ${whoever} speaks of the same host and goes first`,
    ];
    expect(remarks('split', 'public-rule')).toEqual(message('VirtualService other/public-rule'));
    expect(remarks('split', 'pattern-rule')).toEqual(message('VirtualService other/pattern-rule'));
    expect(remarks('split', 'producer-route')).toEqual(message('HTTPRoute default/producer-route'));
  });

  it('names the port where the winner speaks of one of several', () => {
    const two = service('reviews', [
      { name: 'http', port: 80 },
      { name: 'http-admin', port: 81 },
    ]);
    const narrow = contenders['producer-route'](1);
    const spec = narrow.spec as { readonly parentRefs: readonly object[] };
    const onePort = {
      ...narrow,
      spec: { ...spec, parentRefs: spec.parentRefs.map((parent) => ({ ...parent, port: 81 })) },
    };
    const loser = contenders['public-rule'](2);
    const mesh = new TestMesh(...services, two, onePort, loser);
    expect(mesh.remarks(loser)).toEqual([
      `invalid: spec.hosts[0]: is not used for ${HOST}:81: HTTPRoute default/producer-route speaks of the same host and goes first`,
    ]);
    expect(mesh.routes(`${HOST}:80`).map(target)).toEqual(['public-rule|80:100']);
    expect(mesh.routes(`${HOST}:81`).map(target)).toEqual(['producer-route|80:1']);
  });

  it('the winner is told nothing', () => {
    const [first, second] = [contenders['producer-route'](1), contenders['public-rule'](2)];
    expect(new TestMesh(...services, first, second).remarks(first)).toEqual([]);
  });
});

describe('a TrafficPolicy is no route', () => {
  const policy = {
    apiVersion: 'meshwise.dev/v1alpha1',
    kind: 'TrafficPolicy',
    metadata: { name: 'p', namespace: 'default' },
    spec: { targetRefs: names.map((name) => ({ kind: 'Service', name })), deadline: '1s' },
  };

  it.each(names)('and adds its limits where %s decides', (name) => {
    const mesh = new TestMesh(...services, contenders[name](1), policy);
    const routes = mesh.routes('reviews.default', mesh.sidecar(CLIENT));
    expect(routes.map(({ limits }) => limits?.deadline?.budgetMs)).toEqual([1_000]);
  });
});

import type { AuthorizationPlan, ProxyDescriptor } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { TestMesh } from '../testing/mesh.ts';
import {
  authorizationPolicy,
  gatewayProxy,
  meshConfig,
  peerAuthentication,
  requestAuthentication,
  service,
  sidecar,
  sidecarResource,
  workload,
} from '../testing/resources.ts';

const reviews = sidecar(workload('reviews-1', { app: 'reviews', version: 'v1' }, [{ port: 9080, protocol: 'TCP' }]));
const ratings = sidecar(workload('ratings-1', { app: 'ratings' }));
const elsewhere = sidecar(workload('shop/reviews-1', { app: 'reviews' }));
const ingress = gatewayProxy('istio-system', { istio: 'ingressgateway' });
const selector = (labels: object) => ({ selector: { matchLabels: labels } });

const GATEWAY_API = 'gateway.networking.k8s.io';
const classGateway = (name: string): Resource => ({
  apiVersion: `${GATEWAY_API}/v1`,
  kind: 'Gateway',
  metadata: { namespace: 'default', name },
  spec: { gatewayClassName: 'meshwise', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
});
const gatewayClass: Resource = {
  apiVersion: `${GATEWAY_API}/v1`,
  kind: 'GatewayClass',
  metadata: { name: 'meshwise' },
  spec: { controllerName: 'meshwise.dev/gateway-controller' },
};
const runFor = (name: string) => gatewayProxy('default', { [`${GATEWAY_API}/gateway-name`]: name });

function mesh(...resources: readonly Resource[]) {
  const made = new TestMesh(...resources);
  for (const proxy of [reviews, ratings, elsewhere, ingress]) made.model.setProxy(proxy);
  return made;
}
function planOf({ model }: TestMesh, proxy: ProxyDescriptor): AuthorizationPlan | undefined {
  model.setProxy(proxy);
  const security = proxy.role === 'gateway' ? model.gateway(proxy.id).security : model.inbound(proxy.id)[0]?.security;
  return security?.authorization;
}
const allowed = (made: TestMesh, proxy: ProxyDescriptor) =>
  planOf(made, proxy)?.allow.map((set) => set.map(({ name }) => name));

describe('000-44 who may call a workload', () => {
  it('is everybody, where no policy says anything', () => {
    const { model } = mesh();
    expect(model.inbound(reviews.id)[0]).not.toHaveProperty('security');
    expect(model.gateway(ingress.id)).not.toHaveProperty('security');
  });

  it('AuthorizationPolicy selector.matchLabels: policies of the mesh, the namespace and the workload hold together', () => {
    const made = mesh(
      authorizationPolicy('istio-system/all', { rules: [{}] }),
      authorizationPolicy('istio-system/v1', { ...selector({ version: 'v1' }), rules: [{}] }),
      authorizationPolicy('namespace', { rules: [{}] }),
      authorizationPolicy('mine', { ...selector({ app: 'reviews', version: 'v1' }), rules: [{}] }),
      authorizationPolicy('others', { ...selector({ app: 'reviews', version: 'v2' }), rules: [{}] }),
    );
    expect(allowed(made, reviews)).toEqual([
      ['default/mine', 'default/namespace', 'istio-system/all', 'istio-system/v1'],
    ]);
    expect(allowed(made, ratings)).toEqual([['default/namespace', 'istio-system/all']]);
    expect(allowed(made, elsewhere)).toEqual([['istio-system/all']]);
    expect(allowed(made, ingress)).toEqual([['istio-system/all']]);
  });

  it('AuthorizationPolicy action puts policies where they are asked in order', () => {
    const made = mesh(
      authorizationPolicy('a', { action: 'ALLOW', rules: [{}] }),
      authorizationPolicy('b', { action: 'DENY', rules: [{}] }),
      authorizationPolicy('c', { action: 'AUDIT', rules: [{}] }),
    );
    const rule = { from: [], to: [], when: [] };
    expect(planOf(made, reviews)).toMatchObject({
      allow: [[{ name: 'default/a', rules: [rule] }]],
      deny: [{ name: 'default/b', rules: [rule] }],
      audit: [{ name: 'default/c', rules: [rule] }],
    });
  });

  it('AuthorizationPolicy rules: without any, ALLOW lets nobody in and DENY refuses nobody', () => {
    const made = mesh(authorizationPolicy('a', {}), authorizationPolicy('b', { action: 'DENY' }));
    expect(planOf(made, reviews)).toMatchObject({ allow: [[{ rules: [] }]], deny: [{ rules: [] }] });
  });

  it('a policy with the annotation istio.io/dry-run is marked', () => {
    const made = mesh(authorizationPolicy('a', { rules: [{}] }, { annotations: { 'istio.io/dry-run': 'true' } }));
    expect(planOf(made, reviews)?.allow[0]).toMatchObject([{ isDryRun: true }]);
  });

  it('workloads outside the mesh are asked for nothing', () => {
    const made = mesh(authorizationPolicy('a', {}));
    expect(planOf(made, { ...reviews, id: 'node', role: 'node' })).toBeUndefined();
  });
});

describe('policies for gateways of the Gateway API', () => {
  const target = (kind: string, name: string) => ({ targetRefs: [{ group: GATEWAY_API, kind, name }], rules: [{}] });
  const gateways = [gatewayClass, classGateway('gw'), classGateway('other')];

  it('AuthorizationPolicy targetRefs name a Gateway: kind, name and group, in the namespace of the policy', () => {
    const made = mesh(
      ...gateways,
      authorizationPolicy('mine', target('Gateway', 'gw')),
      authorizationPolicy('shop/theirs', target('Gateway', 'gw')),
    );
    expect(allowed(made, runFor('gw'))).toEqual([['default/mine']]);
    expect(allowed(made, runFor('other'))).toBeUndefined();
    expect(allowed(made, reviews)).toBeUndefined();
    expect(allowed(made, ingress)).toBeUndefined();
  });

  it('AuthorizationPolicy targetRef names a GatewayClass: kind, name and group, in the root namespace only', () => {
    const policy = (name: string) => authorizationPolicy(name, target('GatewayClass', 'meshwise'));
    const made = mesh(...gateways, policy('istio-system/class'), policy('default/class'));
    expect(allowed(made, runFor('gw'))).toEqual([['istio-system/class']]);
    expect(allowed(made, runFor('other'))).toEqual([['istio-system/class']]);
    expect(allowed(made, ingress)).toBeUndefined();
    expect(made.remarks(policy('default/class'))).toEqual([
      'invalid: spec.targetRefs[0]: a GatewayClass is a target in istio-system only',
    ]);
  });
});

describe('000-46 external authorizers', () => {
  const authz = service('shop/authz', [
    { name: 'grpc', port: 9000 },
    { name: 'http', port: 8000 },
  ]);
  const host = 'authz.shop.svc.cluster.local';
  const settings = (...providers: readonly object[]) => meshConfig({ extensionProviders: providers });
  const opa = { name: 'opa', envoyExtAuthzGrpc: { service: host, port: 9000, timeout: '2s' } };
  const web = { name: 'web', envoyExtAuthzHttp: { service: `shop/${host}`, port: 8000 } };
  const asks = (name: string, provider: string, more: object = {}) =>
    authorizationPolicy(name, { action: 'CUSTOM', provider: { name: provider }, rules: [{}], ...more });

  it.each([
    ['opa', { name: 'opa', cluster: `outbound|9000||${host}`, protocol: 'grpc', timeoutMs: 2000 }],
    ['web', { name: 'web', cluster: `outbound|8000||${host}`, protocol: 'http' }],
  ])('AuthorizationPolicy provider.name %s is asked at its cluster', (name, authorizer) => {
    const made = mesh(authz, settings(opa, web), asks('a', name), asks('b', name));
    const external = { authorizer, policies: [{ name: 'default/a' }, { name: 'default/b' }] };
    expect(planOf(made, reviews)).toMatchObject({ external, deny: [] });
    expect(planOf(made, reviews)?.external?.authorizer).toEqual(authorizer);
  });

  it('proxies have the cluster of an authorizer even when a Sidecar hides the service, once', () => {
    const narrow = sidecarResource('narrow', { egress: [{ hosts: ['./*'] }] });
    for (const resources of [[], [narrow]]) {
      const made = mesh(authz, settings(opa, web), asks('a', 'opa'), ...resources);
      for (const proxy of [reviews, ingress]) {
        const { clusters, endpoints } = made.model.outbound(made.model.scopeOf(proxy.id));
        const name = `outbound|9000||${host}`;
        expect(clusters.filter((cluster) => cluster.name === name)).toHaveLength(1);
        expect(endpoints.filter(({ cluster }) => cluster === name)).toHaveLength(1);
      }
    }
  });

  it('what nobody can be asked about is refused, and the policy says why', () => {
    const unknown = mesh(authz, settings(opa), asks('a', 'nobody'));
    const refuses = [{ name: 'default/a', rules: [{ from: [], to: [], when: [] }] }];
    expect(planOf(unknown, reviews)).toMatchObject({ deny: refuses });
    expect(planOf(unknown, reviews)).not.toHaveProperty('external');
    expect(unknown.remarks(asks('a', 'nobody'))).toEqual([
      'invalid: spec.provider: there is no provider nobody (MeshConfig extensionProviders); requests that it is asked about are refused',
    ]);
    const gone = mesh(settings(opa), asks('a', 'opa'));
    expect(planOf(gone, reviews)).toMatchObject({ deny: refuses });
    expect(gone.remarks(asks('a', 'opa'))).toEqual([
      `invalid: spec.provider: no service ${host} has a port 9000, where opa would be asked; requests that it is asked about are refused`,
    ]);
    expect(gone.remarks(settings(opa))).toEqual([
      `invalid: data.mesh.extensionProviders: opa: no service ${host} has a port 9000; requests that it is asked about are refused`,
    ]);
  });

  it('what one of two providers for one workload would be asked about is refused, there only', () => {
    const second = asks('b', 'web', selector({ app: 'reviews' }));
    const made = mesh(authz, settings(opa, web), asks('a', 'opa'), second);
    expect(planOf(made, reviews)).toMatchObject({ deny: [{ name: 'default/a' }, { name: 'default/b' }] });
    expect(planOf(made, reviews)).not.toHaveProperty('external');
    expect(planOf(made, ratings)).toMatchObject({ external: { authorizer: { name: 'opa' } }, deny: [] });
    expect(made.remarks(second)).toEqual([
      'invalid: spec.provider: several providers (opa, web), of which one is possible for a workload; requests that it is asked about are refused',
    ]);
  });

  it('requests that nobody would be asked about pass, as in Istio', () => {
    const rules = [{ to: [{ operation: { paths: ['/a'] } }] }];
    const made = mesh(authz, settings(opa), asks('a', 'nobody', { rules }));
    const condition = { of: 'path', anyOf: [{ exact: '/a' }], noneOf: [] };
    expect(planOf(made, reviews)).toMatchObject({ deny: [{ name: 'default/a', rules: [{ to: [[condition]] }] }] });
  });

  it('one that is asked by gRPC at a port that declares none is reported', () => {
    const odd = { name: 'odd', envoyExtAuthzGrpc: { service: host, port: 8000 } };
    expect(mesh(authz, settings(odd)).remarks(settings(odd))).toEqual([
      `invalid: data.mesh.extensionProviders: odd: port 8000 of ${host} declares no gRPC (name it grpc or grpc-…), by which it is asked`,
    ]);
  });

  it('nobody is asked to try it', () => {
    const policy = {
      ...asks('a', 'opa'),
      metadata: { namespace: 'default', name: 'a', annotations: { 'istio.io/dry-run': 'true' } },
    };
    expect(planOf(mesh(authz, settings(opa), policy), reviews)).toBeUndefined();
  });
});

describe('what is said of policies', () => {
  const principals = { rules: [{ from: [{ source: { principals: ['a'] } }] }] };
  const switchedOff = peerAuthentication('istio-system/mesh', { mtls: { mode: 'DISABLE' } });
  const strict = peerAuthentication('istio-system/mesh', { mtls: { mode: 'STRICT' } });

  it('a selector that selects nobody', () => {
    const policy = authorizationPolicy('a', { ...selector({ app: 'nobody' }), rules: [{}] });
    expect(mesh(policy).remarks(policy)).toEqual(['info: spec.selector: it is for no proxy that is here']);
    expect(new TestMesh(policy).remarks(policy)).toEqual([]);
    const met = authorizationPolicy('a', { ...selector({ app: 'reviews' }), rules: [{}] });
    expect(mesh(met).remarks(met)).toEqual([]);
  });

  it('identities that nobody has without mutual TLS', () => {
    const policy = authorizationPolicy('a', principals);
    const never =
      'it asks who the client is, and mutual TLS is switched off there: nobody has an identity, and it never matches';
    expect(mesh(policy, switchedOff).remarks(policy)).toEqual([`info: spec.rules[0]: ${never}`]);
    expect(mesh(policy, strict).remarks(policy)).toEqual([]);
    expect(mesh(policy).remarks(policy)).toEqual([]);
  });

  it('identities by which clients in plain text are not kept out', () => {
    const passes =
      'clients in plain text have no identity and are not kept out by it, unless a PeerAuthentication is STRICT';
    const denied = authorizationPolicy('a', { action: 'DENY', ...principals });
    expect(mesh(denied).remarks(denied)).toEqual([`info: spec.rules[0]: ${passes}`]);
    expect(mesh(denied, strict).remarks(denied)).toEqual([]);
    const others = authorizationPolicy('a', { rules: [{ from: [{ source: { notNamespaces: ['b'] } }] }] });
    expect(mesh(others).remarks(others)).toEqual([`info: spec.rules[0]: ${passes}`]);
  });

  it('tokens where nobody verifies any', () => {
    const policy = authorizationPolicy('a', {
      ...selector({ app: 'reviews' }),
      rules: [{ when: [{ key: 'request.auth.claims[a]', values: ['b'] }] }],
    });
    const said = 'it asks for what tokens say, and no RequestAuthentication holds there: it never matches';
    expect(mesh(policy).remarks(policy)).toEqual([`info: spec.rules[0]: ${said}`]);
    const verified = requestAuthentication('a', {
      jwtRules: [{ issuer: 'https://a', jwks: '{"keys":[{"kty":"RSA"}]}' }],
    });
    expect(mesh(policy, verified).remarks(policy)).toEqual([]);
  });
});

describe('a change of one policy', () => {
  const COUNT = 200;
  const proxies = Array.from({ length: COUNT }, (_, index) =>
    sidecar(workload(`w-${index}`, { app: `a-${index}`, tier: 'all' })),
  );
  const policy = (index: number, path: string) =>
    authorizationPolicy(`p-${index}`, {
      ...selector({ app: `a-${index}` }),
      rules: [{ to: [{ operation: { paths: [path] } }] }],
    });

  it('is looked at by the workloads that it is for', () => {
    const made = new TestMesh(...proxies.map((_, index) => policy(index, '/a')));
    const { model } = made;
    for (const proxy of proxies) model.setProxy(proxy);
    const plans = () => proxies.map(({ id }) => model.inbound(id));
    const before = plans();
    const { computed } = model.statistics();
    made.apply(policy(7, '/b'));
    const after = plans();
    expect(after.flatMap((plan, index) => (plan === before[index] ? [] : [index]))).toEqual([7]);
    // Its plan, the set, the policy itself and the inbound side: not one query for each of the others.
    expect(model.statistics().computed - computed).toBeLessThan(10);
  });

  it('leaves proxies with the same policies one plan, object for object', () => {
    const made = new TestMesh(authorizationPolicy('wide', { rules: [{}] }));
    const { model } = made;
    for (const proxy of proxies.slice(0, 3)) model.setProxy(proxy);
    const plans = () => proxies.slice(0, 3).map(({ id }) => model.inbound(id)[0]?.security);
    expect(new Set(plans()).size).toBe(1);
    made.apply(policy(1, '/a'));
    expect(new Set(plans()).size).toBe(2);
  });
});

import { keySourceId, type ProxyDescriptor, type TokenProvider } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { TestMesh } from '../testing/mesh.ts';
import {
  gatewayProxy,
  gatewayResource,
  requestAuthentication,
  service,
  sidecar,
  virtualService,
  workload,
} from '../testing/resources.ts';

const KEYS = '{"keys":[{"kty":"RSA","kid":"1","n":"x","e":"AQAB"}]}';
const reviews = sidecar(workload('reviews-1', { app: 'reviews' }, [{ port: 9080, protocol: 'TCP' }]));
const ratings = sidecar(workload('ratings-1', { app: 'ratings' }));
const ingress = gatewayProxy('istio-system', { istio: 'ingressgateway' });
const selector = (labels: object) => ({ selector: { matchLabels: labels } });
const inline = { issuer: 'https://a', jwks: KEYS };

function mesh(...resources: readonly Resource[]) {
  const made = new TestMesh(...resources);
  for (const proxy of [reviews, ratings, ingress]) made.model.setProxy(proxy);
  return made;
}
function providers({ model }: TestMesh, proxy: ProxyDescriptor = reviews): readonly TokenProvider[] | undefined {
  const security = proxy.role === 'gateway' ? model.gateway(proxy.id).security : model.inbound(proxy.id)[0]?.security;
  return security?.authentication?.providers;
}

describe('001-77 which tokens are good', () => {
  it('RequestAuthentication selector.matchLabels: rules of the mesh, the namespace and the workload hold together', () => {
    const made = mesh(
      requestAuthentication('istio-system/all', { jwtRules: [inline] }),
      requestAuthentication('namespace', { jwtRules: [{ ...inline, issuer: 'https://b' }] }),
      requestAuthentication('mine', {
        ...selector({ app: 'reviews' }),
        jwtRules: [
          { ...inline, issuer: 'https://c' },
          { ...inline, issuer: 'https://d' },
        ],
      }),
    );
    const names = (proxy: ProxyDescriptor) => providers(made, proxy)?.map(({ name, issuer }) => `${name} ${issuer}`);
    expect(names(reviews)).toEqual([
      'default/mine/0 https://c',
      'default/mine/1 https://d',
      'default/namespace/0 https://b',
      'istio-system/all/0 https://a',
    ]);
    expect(names(ratings)).toEqual(['default/namespace/0 https://b', 'istio-system/all/0 https://a']);
    expect(names(ingress)).toEqual(['istio-system/all/0 https://a']);
  });

  it('RequestAuthentication jwtRules: one without rules asks for nothing', () => {
    expect(providers(mesh(requestAuthentication('a', {})))).toBeUndefined();
  });

  it('RequestAuthentication jwtRules.jwks is what tokens are verified by; what is no key set verifies none', () => {
    expect(providers(mesh(requestAuthentication('a', { jwtRules: [inline] })))).toMatchObject([{ keys: KEYS }]);
    const [provider] = providers(mesh(requestAuthentication('a', { jwtRules: [{ ...inline, jwks: '{}' }] }))) ?? [];
    expect(provider).toMatchObject({ issuer: 'https://a' });
    expect(provider).not.toHaveProperty('keys');
  });
});

describe('keys that have to be fetched', () => {
  const uri = { issuer: 'https://a', jwksUri: 'https://a/keys', timeout: '2s' };
  const found = { issuer: 'https://b' };
  const policy = requestAuthentication('a', { jwtRules: [uri, found, inline] });
  const id = 'uri https://a/keys';

  it('RequestAuthentication jwtRules.jwksUri, issuer and timeout make sources, each once', () => {
    const made = mesh(policy, requestAuthentication('shop/b', { jwtRules: [uri] }));
    expect(made.model.keySources()).toEqual([
      { kind: 'uri', uri: 'https://a/keys', timeoutMs: 2000 },
      { kind: 'discovery', issuer: 'https://b' },
    ]);
    expect(made.model.keySources().map(keySourceId)).toEqual([id, 'discovery https://b']);
    expect(made.model.keySources()).toBe(made.apply(structuredClone(policy)).model.keySources());
    expect(mesh(requestAuthentication('a', { jwtRules: [inline] })).model.keySources()).toEqual([]);
  });

  it('are absent until they are told, and so are those that could not be fetched', () => {
    const made = mesh(policy);
    const keys = () => providers(made)?.map((provider) => provider.keys);
    const said = 'its keys have not been fetched yet; no token of';
    expect(keys()).toEqual([undefined, undefined, KEYS]);
    expect(made.remarks(policy)).toEqual([
      `invalid: spec.jwtRules[0].jwksUri: ${said} https://a is good`,
      `invalid: spec.jwtRules[1].issuer: ${said} https://b is good`,
    ]);
    made.model.setKeySet(id, KEYS);
    made.model.setKeySet('discovery https://b', undefined, 'nobody answers');
    expect(keys()).toEqual([KEYS, undefined, KEYS]);
    expect(made.remarks(policy)).toEqual([
      'invalid: spec.jwtRules[1].issuer: nobody answers; no token of https://b is good',
    ]);
  });

  it('stay in use while newer ones cannot be fetched', () => {
    const made = mesh(policy);
    made.model.setKeySet('discovery https://b', KEYS);
    made.model.setKeySet(id, KEYS, 'nobody answers');
    expect(providers(made)?.[0]?.keys).toBe(KEYS);
    expect(made.remarks(policy)).toEqual([
      'info: spec.jwtRules[0].jwksUri: nobody answers; the keys before are in use',
    ]);
    made.model.setKeySet(id, undefined);
    expect(providers(made)?.[0]).not.toHaveProperty('keys');
  });

  it('change the plans of those who verify by them, and of no other', () => {
    const made = mesh(requestAuthentication('a', { ...selector({ app: 'reviews' }), jwtRules: [uri] }));
    const plans = () => [reviews, ratings].map((proxy) => made.model.inbound(proxy.id));
    const before = plans();
    made.model.setKeySet(id, KEYS);
    expect(plans().map((plan, index) => plan === before[index])).toEqual([false, true]);
    const during = plans();
    made.model.setKeySet(id, KEYS);
    expect(plans()).toEqual(during);
    expect(plans()[0]).toBe(during[0]);
  });
});

describe('routes by claims', () => {
  const gateway = gatewayResource('istio-system/gw', {
    selector: { istio: 'ingressgateway' },
    servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
  });
  const shop = service('shop', [{ name: 'http', port: 80 }]);
  const route = [{ destination: { host: 'shop' } }];
  const match = [{ headers: { '@request.auth.claims.group': { exact: 'a' } } }];
  const routing = (gateways: readonly string[], http: readonly object[]) =>
    virtualService('front', { hosts: ['shop'], gateways, http });
  const verified = requestAuthentication('istio-system/a', { jwtRules: [inline] });

  it('VirtualService http.match.headers name a claim at gateways', () => {
    const rules = [
      { name: 'members', match, route },
      { name: 'all', route },
    ];
    const front = routing(['istio-system/gw'], rules);
    const made = mesh(gateway, shop, verified, front);
    const [server] = made.model.gateway(ingress.id).servers;
    const routes = server?.protocol === 'http' ? (server.virtualHosts[0]?.routes ?? []) : [];
    expect(routes.map(({ name, match: { claims } }) => [name, claims])).toEqual([
      ['members', [{ path: ['group'], match: { exact: 'a' } }]],
      ['all', undefined],
    ]);
    expect(made.remarks(front)).toEqual([]);
  });

  it('VirtualService http.match.withoutHeaders may name one too, and sidecars take neither way', () => {
    const without = [{ withoutHeaders: match[0]?.headers }];
    const both = routing(
      ['mesh', 'istio-system/gw'],
      [
        { match, route },
        { match: without, route },
        { name: 'all', route },
      ],
    );
    const made = mesh(gateway, shop, verified, both);
    expect(made.routes('shop').map(({ name }) => name)).toEqual(['all']);
    expect(made.remarks(both)).toEqual([
      'invalid: spec.http[0].match: claims are known at gateways only; sidecars do not take this way',
    ]);
  });

  it('are reported at a gateway where no token is verified', () => {
    const one = routing(['istio-system/gw'], [{ match, route }]);
    expect(mesh(gateway, shop, one).remarks(one)).toEqual([
      'invalid: spec.http[0].match: no RequestAuthentication holds for the gateway istio-system/gw, so that no request there has claims',
    ]);
  });

  it('hold in delegates together with those of the root', () => {
    const root = routing(['istio-system/gw'], [{ match, delegate: { name: 'part' } }]);
    const part = virtualService('part', {
      http: [{ match: [{ headers: { '@request.auth.claims.age': { exact: '9' } } }], route }],
    });
    const made = mesh(gateway, shop, verified, root, part);
    const [server] = made.model.gateway(ingress.id).servers;
    const claims = server?.protocol === 'http' ? server.virtualHosts[0]?.routes[0]?.match.claims : undefined;
    expect(claims?.map(({ path }) => path)).toEqual([['group'], ['age']]);
  });
});

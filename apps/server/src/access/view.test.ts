import { MESHES } from '@meshwise/meshes';
import { type AccessMatrix, accessMatrix, createMeshModel, type ProxyDescriptor } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { decisions } from './decisions.ts';
import { accessView, narrowed } from './view.ts';

const sidecar = (name: string, account: string): ProxyDescriptor => ({
  ...{ id: `sidecar~${name}`, role: 'sidecar', namespace: 'shop', labels: { app: name.split('-')[0] ?? '' } },
  identity: { trustDomain: 'cluster.local', namespace: 'shop', serviceAccount: account },
  workloads: [
    {
      ...{ namespace: 'shop', pod: name, labels: { app: name.split('-')[0] ?? '' }, serviceAccount: account },
      ...{ containerPorts: [], placement: { capture: 'loopback', podIp: '127.0.0.2', programIp: '127.0.0.3' } },
    },
  ],
});

const service = (name: string): Resource => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { clusterIP: '10.96.0.1', selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
});

const policy = (kind: string, spec: object): Resource => ({
  apiVersion: 'security.istio.io/v1',
  kind,
  metadata: { name: 'cart', namespace: 'shop' },
  spec: { selector: { matchLabels: { app: 'cart' } }, ...spec },
});

function matrixOf(...resources: readonly Resource[]): AccessMatrix {
  const model = createMeshModel({ readers: MESHES });
  const all = [service('web'), service('cart'), ...resources];
  model.update(all.map((resource) => ({ type: 'upsert', resource })));
  for (const proxy of [sidecar('web-v1', 'web'), sidecar('cart-v1', 'cart'), sidecar('cart-v2', 'cart')])
    model.setProxy(proxy);
  return accessMatrix(model);
}

const fromWeb = { from: [{ source: { principals: ['cluster.local/ns/shop/sa/web'] } }] };
const reading = { to: [{ operation: { methods: ['GET'], hosts: ['cart:8080'] } }] };
const matrix = matrixOf(policy('AuthorizationPolicy', { rules: [{ ...fromWeb, ...reading }] }));

describe('the matrix in the words of the API', () => {
  it('names clients, servers and services as people do', () => {
    const view = accessView(matrix);
    expect(view.clients.map(({ name, workloads }) => [name, ...workloads])).toEqual([
      ['shop/cart', 'shop/cart-v1', 'shop/cart-v2'],
      ['shop/web', 'shop/web-v1'],
      ['any other identity'],
      ['plain text'],
    ]);
    expect(view.servers.map(({ name, ports }) => [name, ports[0]?.service, ports[0]?.port])).toEqual([
      ['cart-v1', 'shop/cart', 8080],
      ['cart-v2', 'shop/cart', 8080],
      ['web-v1', 'shop/web', 8080],
    ]);
    expect(view.hasPolicies).toBe(true);
    expect(accessView(matrixOf()).hasPolicies).toBe(false);
    expect(accessView(matrixOf(policy('PeerAuthentication', { mtls: { mode: 'STRICT' } }))).hasPolicies).toBe(true);
  });

  it.each([
    ['a workload', 'web-v1', ['shop/web']],
    ['the beginning of its name', 'web', ['shop/web']],
    ['a service account', 'shop/cart', ['shop/cart']],
    ['a SPIFFE id', 'spiffe://cluster.local/ns/shop/sa/web', ['shop/web']],
    ['a Deployment', 'deploy/cart-v2', ['shop/cart']],
    ['plain text', 'plain-text', ['plain text']],
  ])('finds clients by %s', (_, from, names) => {
    expect(narrowed(accessView(matrix), { from }).clients.map(({ name }) => name)).toEqual(names);
  });

  it.each([
    ['a workload', { to: 'cart-v1' }, ['cart-v1']],
    ['a service', { to: 'cart' }, ['cart-v1', 'cart-v2']],
    ['a service with its namespace', { to: 'shop/web' }, ['web-v1']],
    ['a namespace and a port', { namespace: 'shop', port: 8080 }, ['cart-v1', 'cart-v2', 'web-v1']],
    ['a port that nobody has', { port: 1 }, []],
  ])('finds servers by %s', (_, query, names) => {
    expect(narrowed(accessView(matrix), query).servers.map(({ name }) => name)).toEqual(names);
  });

  it('leaves cells pointing at what holds for them, and nothing else in the answer', () => {
    const { servers, summaries } = narrowed(accessView(matrix), { from: 'web', to: 'cart-v2' });
    expect(servers.map(({ ports }) => ports.map(({ cells }) => cells))).toEqual([[[0]]]);
    expect(summaries).toEqual([
      expect.objectContaining({ verdict: 'some', reason: 'only GET to host cart:8080', by: [expect.anything()] }),
    ]);
    expect(() => narrowed(accessView(matrix), { to: 'nobody' })).toThrow(/MW2001.*no server .* nobody/);
  });
});

describe('one request', () => {
  const verdicts = (...[asked]: [Parameters<typeof decisions>[1]]) =>
    decisions(matrix, asked).map(({ server, verdict, status }) => [server, verdict, status]);

  it('is decided at each server that is meant, for its service unless another host is named', () => {
    expect(verdicts({ from: 'web', to: 'cart' })).toEqual([
      ['shop/cart-v1', 'allowed', null],
      ['shop/cart-v2', 'allowed', null],
    ]);
    expect(verdicts({ from: 'web', to: 'cart-v1', method: 'POST' })).toEqual([['shop/cart-v1', 'refused', 403]]);
    const elsewhere = { from: 'web', to: 'cart-v1', headers: { Host: 'elsewhere' } };
    expect(verdicts(elsewhere)).toEqual([['shop/cart-v1', 'refused', 403]]);
    expect(verdicts({ from: 'other', to: 'cart-v1' })).toEqual([['shop/cart-v1', 'refused', 403]]);
  });

  it('says which rule of which policy decided', () => {
    expect(decisions(matrix, { from: 'web', to: 'cart-v1' })[0]?.by).toEqual([
      { object: { kind: 'AuthorizationPolicy', namespace: 'shop', name: 'cart' }, field: 'spec.rules[0]' },
    ]);
  });

  it('has the token that stands in its header, of which the signature is not looked at', () => {
    const keys = '{"keys":[{"kty":"oct","k":"x","alg":"HS256"}]}';
    const tokens = policy('RequestAuthentication', { jwtRules: [{ issuer: 'me', jwks: keys }] });
    const withTokens = matrixOf(tokens);
    const payload = (claims: object) => Buffer.from(JSON.stringify(claims)).toString('base64url');
    const status = (authorization: string) =>
      decisions(withTokens, { from: 'web', to: 'cart-v1', headers: { authorization } })[0]?.status;
    expect(status(`Bearer e30.${payload({ iss: 'me', sub: 'a' })}.c2ln`)).toBeNull();
    expect(status(`Bearer e30.${payload({ iss: 'you' })}.c2ln`)).toBe(401);
    expect(status('Bearer nonsense')).toBe(401);
    expect(status('Basic YTpi')).toBeNull();
  });
});

import { MESHES } from '@meshwise/meshes';
import { createMeshModel, type ProxyDescriptor } from '@meshwise/model';
import { keyOf, type Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { Judge } from '../operations/judge.ts';

const service = (name: string, port: number, portName = 'http'): Resource => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { clusterIP: '10.96.0.1', selector: { app: name }, ports: [{ name: portName, port }] },
});

const served = (name: string) => ({
  ...{ namespace: 'shop', pod: `${name}-v1-5d9f-abc12`, serviceAccount: name, containerPorts: [] },
  labels: { app: name, 'pod-template-hash': '5d9f' },
  placement: { capture: 'loopback' as const, podIp: '127.0.0.2', programIp: '127.0.0.3' },
});

const sidecar = (name: string): ProxyDescriptor => ({
  ...{ id: `sidecar~${name}`, role: 'sidecar', namespace: 'shop', labels: { app: name } },
  identity: { trustDomain: 'cluster.local', namespace: 'shop', serviceAccount: name },
  workloads: [served(name)],
});

const outside: ProxyDescriptor = { id: 'node', role: 'node', namespace: '', labels: {}, workloads: [served('legacy')] };

const policy = (
  kind: 'AuthorizationPolicy' | 'PeerAuthentication',
  spec: object,
  namespace = 'shop',
  name = 'p',
): Resource => ({
  apiVersion: 'security.istio.io/v1',
  kind,
  metadata: { name, namespace },
  spec: { ...spec },
});

/** What is said of changing a mesh of `web`, `cart` and `db`; `before` by name is what is there. */
function said(
  after: readonly Resource[],
  more: { stored?: readonly Resource[]; proxies?: readonly ProxyDescriptor[]; deletes?: readonly Resource[] } = {},
) {
  const { stored = [], proxies = [], deletes = [] } = more;
  const trial = createMeshModel({ readers: MESHES });
  const mesh = [service('web', 80), service('cart', 81), service('db', 3306, 'tcp'), ...stored];
  trial.update(mesh.map((resource) => ({ type: 'upsert', resource })));
  const all = [...['web', 'cart', 'db'].map(sidecar), ...proxies];
  const live = { proxies: () => all, scopeOf: () => 'sidecar/shop' };
  const judge = new Judge(trial, { model: live, plane: { judge: async () => new Map() } });
  const residues = trial.residues();
  const { lockOuts } = judge.judge([
    ...after.map((resource) => ({ key: keyOf(resource), before: undefined, after: resource })),
    ...deletes.map((resource) => ({ key: keyOf(resource), before: resource, after: undefined })),
  ]);
  // Nothing of it stays in the trial model.
  expect([trial.proxies(), trial.residues()]).toEqual([[], residues]);
  return lockOuts.map(({ key, field, message }) => `${key.name}${field === undefined ? '' : ` ${field}`}: ${message}`);
}

describe('a change that locks out', () => {
  it('everybody is announced with the places and with who could come so far', () => {
    expect(said([policy('AuthorizationPolicy', {})])).toEqual([
      'p: after this nobody may call cart-v1.shop:81, db-v1.shop:3306, web-v1.shop:80; 3 workloads are locked out: shop/cart-v1, shop/db-v1, shop/web-v1',
    ]);
  });

  it('in the root namespace is looked at for all namespaces, in another for none of ours', () => {
    expect(said([policy('AuthorizationPolicy', {}, 'istio-system')])).toHaveLength(1);
    expect(said([policy('AuthorizationPolicy', {}, 'elsewhere')])).toEqual([]);
  });

  it('nobody says nothing, be it that one client is left', () => {
    const open = { rules: [{}] };
    const one = { rules: [{ from: [{ source: { principals: ['cluster.local/ns/shop/sa/web'] } }] }] };
    expect(said([policy('AuthorizationPolicy', open)])).toEqual([]);
    expect(said([policy('AuthorizationPolicy', one)])).toEqual([]);
  });

  it('says nothing of what was closed before', () => {
    const closed = policy('AuthorizationPolicy', {}, 'shop', 'closed');
    expect(said([policy('AuthorizationPolicy', {})], { stored: [closed] })).toEqual([]);
  });

  it('by what it deletes is said of what is deleted', () => {
    const closed = policy('AuthorizationPolicy', {}, 'shop', 'closed');
    const open = policy('AuthorizationPolicy', { rules: [{}] }, 'shop', 'open');
    expect(said([], { stored: [closed, open], deletes: [open] })[0]).toMatch(/^open: after this nobody may call /);
  });

  it('all bytes, since its rules are about requests, says why', () => {
    const get = { selector: { matchLabels: { app: 'db' } }, rules: [{ to: [{ operation: { methods: ['GET'] } }] }] };
    expect(said([policy('AuthorizationPolicy', get)])[0]).toContain(
      'nobody may call db-v1.shop:3306 (rules about requests never hold on a port that is not declared as HTTP); 3 workloads',
    );
  });

  it('names identities where there are none says why', () => {
    const principals = {
      selector: { matchLabels: { app: 'cart' } },
      rules: [{ from: [{ source: { principals: ['*'] } }] }],
    };
    const disable = policy('PeerAuthentication', { mtls: { mode: 'DISABLE' } });
    expect(said([policy('AuthorizationPolicy', principals)], { stored: [disable] })[0]).toContain(
      'nobody may call cart-v1.shop:81 (nobody has an identity where mutual TLS is disabled); 3 workloads',
    );
  });

  it('workloads without a sidecar is announced where there are any (000-36)', () => {
    const strict = policy('PeerAuthentication', { mtls: { mode: 'STRICT' } });
    expect(said([strict])).toEqual([]);
    expect(said([strict], { proxies: [outside] })).toEqual([
      'p: after this cart-v1.shop:81, db-v1.shop:3306, web-v1.shop:80 take no plain text; 1 workload is locked out: shop/legacy-v1',
    ]);
  });

  it('everybody at a gateway is announced too', () => {
    const gateway: Resource = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'edge', namespace: 'istio-system' },
      spec: {
        selector: { istio: 'edge' },
        servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
      },
    };
    const proxy: ProxyDescriptor = {
      ...{ id: 'router~127.0.0.1~edge-1.istio-system~x', role: 'gateway', namespace: 'istio-system', workloads: [] },
      labels: { istio: 'edge' },
    };
    const closing = policy('AuthorizationPolicy', { selector: { matchLabels: { istio: 'edge' } } }, 'istio-system');
    expect(said([closing], { stored: [gateway], proxies: [proxy] })).toEqual([
      'p: after this nobody may call edge-1.istio-system:80',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import type { AuthorizationPolicyPlan, GatewayPlan, InboundPlan, SecurityPlan } from '../plan.ts';
import type { ProxyDescriptor } from '../proxy.ts';
import { type AccessMatrix, accessMatrix } from './matrix.ts';

const origin = { resource: { group: 'security.istio.io', kind: 'AuthorizationPolicy', namespace: 'shop', name: 'x' } };
const ORIGIN = { resource: { group: '', kind: 'Service', namespace: 'shop', name: 's' } };

/** A mesh as far as the matrix looks at it. */
class Mesh {
  readonly descriptors: ProxyDescriptor[] = [];
  readonly inbounds = new Map<string, InboundPlan>();
  readonly gateways = new Map<string, GatewayPlan>();

  proxies = () => this.descriptors;
  inbound = (id: string) => {
    const plan = this.inbounds.get(id);
    return plan === undefined ? [] : [plan];
  };
  gateway = (id: string) => this.gateways.get(id) ?? { servers: [] };

  add(
    name: string,
    security?: SecurityPlan,
    mutualTls: InboundPlan['ports'][number]['mutualTls'] = 'permissive',
    pod = 1,
  ) {
    const workload = {
      ...{ namespace: 'shop', pod: `${name}-${pod}`, labels: {}, serviceAccount: name, containerPorts: [] },
      placement: { capture: 'loopback' as const, podIp: '127.0.0.2', programIp: '127.0.0.3' },
    };
    const id = `sidecar~${name}~${pod}`;
    const identity = { trustDomain: 'cluster.local', namespace: 'shop', serviceAccount: name };
    this.descriptors.push({ id, role: 'sidecar', namespace: 'shop', labels: {}, identity, workloads: [workload] });
    const port = { port: 80, protocol: 'http' as const, mutualTls, cluster: 'c', origin: ORIGIN };
    this.inbounds.set(id, { workload, ports: [port], ...(security === undefined ? {} : { security }) });
    return this;
  }

  matrix(): AccessMatrix {
    return accessMatrix(this, { nameOf: ({ id }) => id.split('~')[1] ?? id });
  }
}

const from = (...accounts: readonly string[]): SecurityPlan => {
  const anyOf = accounts.map((account) => ({ exact: `cluster.local/ns/shop/sa/${account}` }));
  const rules: AuthorizationPolicyPlan['rules'] =
    accounts.length === 0 ? [] : [{ from: [[{ of: 'principal', anyOf, noneOf: [] }]], to: [], when: [], origin }];
  return { authorization: { deny: [], allow: [[{ name: 'shop/some', origin, rules }]], audit: [] } };
};

/** `web: ✓✗…`, clients in the order of the matrix. */
const drawn = ({ servers, summaries }: AccessMatrix) =>
  servers.map(({ name, pods, ports }) => {
    const cells = ports.map(({ cells }) => cells.map((cell) => summaries[cell]?.verdict[0]).join(''));
    return `${name} ×${pods.length}: ${cells.join(' ')}`;
  });

describe('the access matrix', () => {
  it('has every identity, any other and plain text against every server', () => {
    const mesh = new Mesh().add('cart', from('web')).add('db', from('cart'), 'strict').add('web');
    const matrix = mesh.matrix();
    expect(matrix.clients.map(({ kind, principal }) => principal?.split('/').at(-1) ?? kind)).toEqual([
      'cart',
      'db',
      'web',
      'other',
      'plain',
    ]);
    expect(drawn(matrix)).toEqual(['cart ×1: rrarr', 'db ×1: arrrr', 'web ×1: aaaaa']);
  });

  it('refuses plain text where mutual TLS is strict, though no policy says anything', () => {
    expect(drawn(new Mesh().add('web', undefined, 'strict').matrix())).toEqual(['web ×1: aar']);
  });

  it('groups pods of a workload that are guarded alike, and only those', () => {
    const mesh = new Mesh()
      .add('web', from('a'))
      .add('web', from('a'), 'permissive', 2)
      .add('web', from(), 'permissive', 3);
    expect(drawn(mesh.matrix())).toEqual(['web ×2: rsr', 'web ×1: rrr']);
  });

  it('knows of no identity at gateways, since clients come without the mesh’s certificates', () => {
    const mesh = new Mesh().add('web');
    const http = { port: 8080, protocol: 'http' as const, routeName: 'http.8080', virtualHosts: [], origin: ORIGIN };
    mesh.descriptors.push({ id: 'router~edge', role: 'gateway', namespace: 'shop', labels: {}, workloads: [] });
    mesh.gateways.set('router~edge', { servers: [http], security: from('web') });
    expect(drawn(mesh.matrix())).toEqual(['edge ×1: rrr', 'web ×1: aaa']);
  });

  it('knows nothing of those whose certificates are not the mesh’s: what asks for identities depends on them', () => {
    const mesh = new Mesh();
    const chain = (clientCertificate: 'none' | 'optional' | 'mutual'): GatewayPlan['servers'][number] => ({
      ...{ port: { none: 1, optional: 2, mutual: 3 }[clientCertificate], protocol: 'tls', passthrough: [] },
      terminating: [
        {
          serverNames: [],
          tls: { credentials: [], clientCertificate },
          http: { routeName: clientCertificate, virtualHosts: [] },
          origin: ORIGIN,
        },
      ],
      origin: ORIGIN,
    });
    const servers = (['none', 'optional', 'mutual'] as const).map(chain);
    mesh.descriptors.push({ id: 'router~edge', role: 'gateway', namespace: 'shop', labels: {}, workloads: [] });
    mesh.gateways.set('router~edge', { servers, security: from('web') });
    expect(drawn(mesh.matrix())).toEqual(['edge ×1: rr ss ss']);
  });

  it('is computed for 200 servers with policies of their own and 200 clients, and says each thing once', () => {
    const mesh = new Mesh();
    for (let index = 0; index < 200; index += 1)
      mesh.add(`w${index}`, from(`w${(index + 1) % 200}`, `w${(index + 7) % 200}`));
    const matrix = mesh.matrix();
    const allowed = matrix.servers
      .flatMap(({ ports }) => ports.flatMap(({ cells }) => cells))
      .filter((cell) => matrix.summaries[cell]?.verdict === 'allowed');
    expect([matrix.servers.length, matrix.clients.length, allowed.length]).toEqual([200, 202, 400]);
    expect(matrix.summaries.length).toBe(2);
  });
});

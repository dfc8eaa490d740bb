import { describe, expect, it } from 'vitest';
import { destinationRule, gatewayResource, peerAuthentication } from '../../testing/resources.ts';
import { istioMesh } from '../index.ts';

type Argument = Parameters<typeof istioMesh.read>[0];
const read = (resource: Argument) => {
  const { items = [], residues = [] } = istioMesh.read(resource) ?? {};
  return { item: items[0], fields: residues.map(({ severity, origin }) => `${severity} ${origin.field}`) };
};

describe('DestinationRule', () => {
  const rule = (trafficPolicy: object) => read(destinationRule('a', { host: 'reviews', trafficPolicy }));

  it.each([
    [{ tls: { mode: 'ISTIO_MUTUAL' } }, { tls: { mode: 'mutual' } }],
    [{ tls: { mode: 'DISABLE' } }, { tls: { mode: 'plain' } }],
    [{ loadBalancer: { simple: 'ROUND_ROBIN' } }, { loadBalancer: { algorithm: 'round-robin' } }],
    [{ loadBalancer: { simple: 'LEAST_CONN' } }, { loadBalancer: { algorithm: 'least-request' } }],
    [{ loadBalancer: { simple: 'UNSPECIFIED' } }, {}],
    [{ connectionPool: { tcp: { connectTimeout: '1s' } } }, { connectTimeoutMs: 1000 }],
  ])('reads %j', (policy, settings) => {
    expect(rule(policy)).toMatchObject({ item: { settings }, fields: [] });
  });

  it.each([
    [{ tls: { mode: 'SIMPLE' } }, ['unsupported spec.trafficPolicy.tls.mode']],
    [{ tls: { mode: 'NONSENSE' } }, ['invalid spec.trafficPolicy.tls.mode']],
    [{ loadBalancer: { simple: 'PASSTHROUGH' } }, ['unsupported spec.trafficPolicy.loadBalancer.simple']],
    [{ loadBalancer: { consistentHash: {} } }, ['unsupported spec.trafficPolicy.loadBalancer.consistentHash']],
    [{ outlierDetection: {} }, ['unsupported spec.trafficPolicy.outlierDetection']],
    [{ connectionPool: { http: {} } }, ['unsupported spec.trafficPolicy.connectionPool.http']],
  ])('reports %j and sets nothing', (policy, fields) => {
    expect(rule(policy)).toMatchObject({ item: { settings: {} }, fields });
    expect(rule(policy).item).toHaveProperty('settings', {});
  });

  it('tells a policy that says nothing from no policy', () => {
    expect(read(destinationRule('a', { host: 'reviews' })).item).not.toHaveProperty('settings');
  });

  it('reads subsets with policies of their own, and the first of two with one name', () => {
    const subsets = [
      { name: 'v1', labels: { version: 'v1' }, trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } },
      { name: 'v1', labels: { version: 'v2' } },
    ];
    const { item, fields } = read(destinationRule('a', { host: 'reviews', subsets }));
    expect(item).toMatchObject({
      subsets: [{ name: 'v1', labels: { version: 'v1' }, settings: { loadBalancer: { algorithm: 'random' } } }],
    });
    expect(fields).toEqual(['invalid spec.subsets[1].name']);
  });

  it('is not applied at all when it is meant for some clients only', () => {
    const result = read(destinationRule('a', { host: 'reviews', workloadSelector: { matchLabels: { app: 'x' } } }));
    expect(result).toEqual({ item: undefined, fields: ['unsupported spec.workloadSelector'] });
  });
});

describe('PeerAuthentication', () => {
  it('reads modes and ports; unset is not a mode', () => {
    const spec = {
      selector: { matchLabels: { app: 'a' } },
      mtls: { mode: 'UNSET' },
      portLevelMtls: { '8080': { mode: 'DISABLE' }, '9090': {} },
    };
    const { item, fields } = read(peerAuthentication('a', spec));
    expect(item).toMatchObject({ selector: { app: 'a' }, ports: [{ port: 8080, mode: 'disable' }] });
    expect(item).not.toHaveProperty('mode');
    expect(fields).toEqual([]);
  });

  it('ignores ports without a selector, and says so', () => {
    const { item, fields } = read(
      peerAuthentication('a', { mtls: { mode: 'STRICT' }, portLevelMtls: { '80': { mode: 'DISABLE' } } }),
    );
    expect(item).toMatchObject({ mode: 'strict', ports: [] });
    expect(fields).toEqual(['invalid spec.portLevelMtls']);
  });

  it('inherits for a mode that does not exist, and says so', () => {
    const { item, fields } = read(peerAuthentication('a', { mtls: { mode: 'strict' } }));
    expect(item).not.toHaveProperty('mode');
    expect(fields).toEqual(['invalid spec.mtls.mode']);
  });
});

describe('Gateway', () => {
  const gateway = (...servers: readonly object[]) => read(gatewayResource('a', { selector: { istio: 'x' }, servers }));

  it.each(['HTTP', 'HTTP2', 'GRPC', 'http'])('serves %s', (protocol) => {
    const server = { port: { number: 80, name: 'http', protocol }, hosts: ['*'] };
    expect(gateway(server)).toMatchObject({
      item: { servers: [{ port: 80, protocol: 'http', hosts: ['*'] }] },
      fields: [],
    });
  });

  it.each([
    [
      { port: { number: 443, protocol: 'HTTPS' }, hosts: ['*'], tls: { mode: 'SIMPLE' } },
      ['unsupported spec.servers[0].port.protocol'],
    ],
    [{ port: { number: 1, protocol: 'TCP' }, hosts: ['*'] }, ['unsupported spec.servers[0].port.protocol']],
    [
      { port: { number: 80, protocol: 'HTTP' }, hosts: ['*'], tls: { httpsRedirect: true } },
      ['unsupported spec.servers[0].tls'],
    ],
    [{ port: { number: 80 }, hosts: ['*'] }, ['invalid spec.servers[0].port']],
  ])('leaves out and reports %j', (server, fields) => {
    expect(gateway(server)).toMatchObject({ item: { servers: [] }, fields });
  });
});

import type { ScopingItem } from '@meshwise/model';
import { describe, expect, it } from 'vitest';
import { sidecarResource } from '../../testing/resources.ts';
import { istioMesh } from '../index.ts';

function read(spec: object) {
  const fragment = istioMesh.read(sidecarResource('default', spec));
  const item = fragment?.items[0] as ScopingItem | undefined;
  return { item, remarks: (fragment?.residues ?? []).map(({ severity, origin }) => `${severity} ${origin.field}`) };
}

const hosts = ['./*', 'istio-system/*', '*/api.example.com', '~/*', 'shop/*.example.com', '~shop/*'];

describe('Sidecar egress', () => {
  it('Sidecar egress.hosts are namespaces and hosts', () => {
    const { item, remarks } = read({ egress: [{ hosts }] });
    expect(item?.egress).toMatchObject([{ hosts, captureMode: 'default' }]);
    expect(remarks).toEqual([]);
    expect(read({ egress: [{ hosts: ['nonsense', './*'] }] })).toMatchObject({
      item: { egress: [{ hosts: ['./*'] }] },
      remarks: ['invalid spec.egress[0].hosts'],
    });
    expect(read({ egress: [{ hosts: [] }] }).remarks).toEqual(['invalid spec.egress[0].hosts']);
  });

  it('Sidecar egress.port, egress.bind and egress.captureMode say where a listener is', () => {
    const port = { number: 9080, protocol: 'HTTP', name: 'egress' };
    const { item, remarks } = read({ egress: [{ port, bind: '127.0.0.1', captureMode: 'NONE', hosts: ['./*'] }] });
    expect(item?.egress).toMatchObject([
      { port: { number: 9080, protocol: 'http', name: 'egress' }, bind: '127.0.0.1', captureMode: 'none' },
    ]);
    expect(remarks).toEqual([]);
  });

  it.each([
    [{ bind: '127.0.0.1' }, 'invalid spec.egress[0].bind'],
    [{ port: { number: 0, protocol: 'HTTP' } }, 'invalid spec.egress[0].port'],
    [{ port: { number: 80, protocol: 'HTTP_PROXY' } }, 'unsupported spec.egress[0].port.protocol'],
    [{ port: { number: 0, protocol: 'TCP' }, bind: 'unix:///x' }, 'unsupported spec.egress[0].bind'],
    [{ port: { number: 80, protocol: 'TCP' }, bind: 'unix:/x' }, 'unsupported spec.egress[0].bind'],
  ])('leaves out %j and reports it', (listener, remark) => {
    const result = read({ egress: [{ hosts: ['./*'], ...listener }] });
    expect(result.item?.egress).toEqual([]);
    expect(result.remarks).toEqual([remark]);
  });

  it('Sidecar egress: only the last listener may be for all ports', () => {
    const result = read({ egress: [{ hosts: ['./*'] }, { hosts: ['*/*'] }] });
    expect(result.item?.egress).toMatchObject([{ hosts: ['*/*'] }]);
    expect(result.remarks).toEqual(['invalid spec.egress[0].port']);
  });
});

describe('Sidecar ingress', () => {
  const port = { number: 9080, protocol: 'HTTP', name: 'http' };

  it.each(['127.0.0.1:8080', '0.0.0.0:8080'])(
    'Sidecar ingress.defaultEndpoint %s is where the program listens',
    (defaultEndpoint) => {
      const { item, remarks } = read({ ingress: [{ port, defaultEndpoint }] });
      expect(item?.ingress).toMatchObject([{ port: 9080, protocol: 'http', defaultEndpoint }]);
      expect(remarks).toEqual([]);
    },
  );

  it('Sidecar ingress.defaultEndpoint is no socket of the machine', () => {
    const result = read({ ingress: [{ port, defaultEndpoint: 'unix:///run/app.sock' }] });
    expect(result.item?.ingress).toEqual([]);
    expect(result.remarks).toEqual(['unsupported spec.ingress[0].defaultEndpoint']);
  });

  it('Sidecar ingress.defaultEndpoint elsewhere is refused', () => {
    expect(read({ ingress: [{ port, defaultEndpoint: '192.0.2.1:80' }] })).toMatchObject({
      item: { ingress: [] },
      remarks: ['invalid spec.ingress[0].defaultEndpoint'],
    });
  });

  it('Sidecar ingress.tls ends the TLS of clients outside the mesh', () => {
    const tls = { mode: 'SIMPLE', serverCertificate: '/etc/cert.pem', privateKey: '/etc/key.pem' };
    const { item, remarks } = read({ ingress: [{ port: { ...port, protocol: 'HTTPS' }, tls }] });
    expect(item?.ingress).toMatchObject([
      {
        protocol: 'http',
        tls: { credentials: [{ kind: 'files', certificateChain: '/etc/cert.pem', privateKey: '/etc/key.pem' }] },
      },
    ]);
    expect(remarks).toEqual([]);
    const left = (listener: object) => read({ ingress: [{ port, ...listener }] });
    expect(left({ tls })).toMatchObject({ item: { ingress: [] }, remarks: ['invalid spec.ingress[0].tls'] });
    const tlsPort = { port: { ...port, protocol: 'TLS' } };
    expect(left({ ...tlsPort, tls: { mode: 'ISTIO_MUTUAL' } }).item?.ingress).toEqual([]);
    expect(left({ ...tlsPort, tls: { mode: 'SIMPLE', credentialName: 'c' } }).item?.ingress).toEqual([]);
  });

  it('Sidecar ingress.connectionPool and inboundConnectionPool limit what comes in', () => {
    const pool = (maxConnections: number) => ({ tcp: { maxConnections } });
    const { item, remarks } = read({ ingress: [{ port, connectionPool: pool(3) }], inboundConnectionPool: pool(7) });
    expect(item).toMatchObject({
      ingress: [{ connectionPool: { maxConnections: 3 } }],
      inboundConnectionPool: { maxConnections: 7 },
    });
    expect(remarks).toEqual([]);
  });

  it('Sidecar ingress.bind and ingress.captureMode have no effect and say so', () => {
    const { remarks } = read({ ingress: [{ port, bind: '127.0.0.1', captureMode: 'NONE' }] });
    expect(remarks).toEqual(['unsupported spec.ingress[0].bind', 'info spec.ingress[0].captureMode']);
    expect(read({ ingress: [{ port, bind: '0.0.0.0' }] }).remarks).toEqual([]);
  });

  it('Sidecar ingress.port needs a number', () => {
    expect(read({ ingress: [{ port: { protocol: 'HTTP' } }] })).toMatchObject({
      item: { ingress: [] },
      remarks: ['invalid spec.ingress[0].port'],
    });
  });
});

it.each([
  [{ mode: 'REGISTRY_ONLY' }, { unknownDestinations: 'refuse' }, []],
  [{}, { unknownDestinations: 'refuse' }, []],
  [{ mode: 'ALLOW_ANY' }, { unknownDestinations: 'pass-through' }, []],
  [
    { mode: 'ALLOW_ANY', egressProxy: { host: 'egress.shop.svc.cluster.local', port: { number: 80 }, subset: 'v1' } },
    { egressProxy: { host: 'egress.shop.svc.cluster.local', port: 80, subset: 'v1' } },
    [],
  ],
  [
    { mode: 'ALLOW_ANY', egressProxy: { host: 'a' } },
    { unknownDestinations: 'pass-through' },
    ['invalid spec.outboundTrafficPolicy.egressProxy'],
  ],
])('Sidecar outboundTrafficPolicy: %j', (outboundTrafficPolicy, expected, remarks) => {
  expect(read({ outboundTrafficPolicy })).toMatchObject({ item: expected, remarks });
});

it('Sidecar workloadSelector limits it to some workloads; without, it is for all', () => {
  const egress = [{ hosts: ['./*'] }];
  expect(read({ egress, workloadSelector: { labels: { app: 'a' } } }).item?.selector).toEqual({ app: 'a' });
  expect(read({ egress, workloadSelector: { labels: {} } }).item?.selector).toBeUndefined();
});

it('a Sidecar that says nothing is none', () => {
  expect(read({ workloadSelector: { labels: { app: 'a' } } })).toEqual({ item: undefined, remarks: ['invalid spec'] });
});

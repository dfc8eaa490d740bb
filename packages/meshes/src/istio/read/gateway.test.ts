import type { GatewayItem, GatewayServer } from '@meshwise/model';
import { describe, expect, it } from 'vitest';
import { gatewayResource } from '../../testing/resources.ts';
import { istioMesh } from '../index.ts';

function read(...servers: readonly object[]) {
  const fragment = istioMesh.read(gatewayResource('shop/a', { selector: { istio: 'x' }, servers }));
  const item = fragment?.items[0] as GatewayItem;
  const fields = fragment?.residues.map(({ severity, origin }) => `${severity} ${origin.field?.replace('spec.', '')}`);
  return { item, fields };
}
const server = (protocol: string, more: object = {}) => ({
  port: { number: 443, name: 'port-name', protocol },
  hosts: ['shop.example.com'],
  ...more,
});
const certificate = { kind: 'secret', namespace: 'shop', name: 'cert' };
const SPKI = `${'A'.repeat(43)}=`;
const HASH = 'ab'.repeat(32);
const simple = { credentials: [certificate], clientCertificate: 'none' };

describe('Gateway servers', () => {
  it.each([
    ['HTTP', 'http'],
    ['HTTP2', 'http'],
    ['GRPC', 'http'],
    ['http', 'http'],
    ['TCP', 'tcp'],
    ['MONGO', 'tcp'],
    ['MYSQL', 'tcp'],
    ['REDIS', 'tcp'],
  ])('Gateway servers.port.protocol %s is served as %s', (protocol, expected) => {
    const { item, fields } = read(server(protocol));
    expect(fields).toEqual([]);
    expect(item).toMatchObject({ selector: { istio: 'x' }, servers: [{ port: 443, protocol: expected }] });
  });

  it('Gateway servers.name, servers.port.name, servers.port.number and servers.hosts are read', () => {
    const { item, fields } = read({ ...server('HTTP'), name: 'entrance', hosts: ['./a.example.com', '*'] });
    expect(fields).toEqual([]);
    expect(item.servers[0]).toMatchObject({ port: 443, portName: 'port-name', hosts: ['./a.example.com', '*'] });
  });

  it.each(['0.0.0.0', '::', ''])('Gateway servers.bind %j is everywhere', (bind) => {
    expect(read(server('HTTP', { bind }))).toMatchObject({ item: { servers: [{}] }, fields: [] });
  });

  it('Gateway servers.bind to one address is not served, rather than served to everybody', () => {
    expect(read(server('HTTP', { bind: '127.0.0.1' }))).toMatchObject({
      item: { servers: [] },
      fields: ['unsupported servers[0].bind'],
    });
  });

  it('Gateway servers.port.targetPort makes no difference, and is reported', () => {
    const port = { number: 443, name: 'p', protocol: 'HTTP' };
    const plain = read(server('HTTP', { port }));
    const { item, fields } = read(server('HTTP', { port: { ...port, targetPort: 80 } }));
    expect(item).toEqual(plain.item);
    expect(fields).toEqual(['info servers[0].port.targetPort']);
  });

  it('Gateway servers.defaultEndpoint is reported, and the rest is served', () => {
    expect(read(server('HTTP', { defaultEndpoint: '127.0.0.1:80' }))).toMatchObject({
      item: { servers: [{}] },
      fields: ['unsupported servers[0].defaultEndpoint'],
    });
  });

  it.each([
    [server('UDP'), ['unsupported servers[0].port.protocol']],
    [server('HTTPS'), ['invalid servers[0].tls']],
    [server('TLS'), ['invalid servers[0].tls']],
    [{ port: { number: 80 }, hosts: ['*'] }, ['invalid servers[0].port']],
    [server('HTTP', { tls: { mode: 'SIMPLE', credentialName: 'cert' } }), ['invalid servers[0].tls']],
    [server('TCP', { tls: { httpsRedirect: true } }), ['invalid servers[0].tls']],
  ])('leaves out and reports %j', (written, fields) => {
    expect(read(written)).toMatchObject({ item: { servers: [] }, fields });
  });
});

describe('Gateway servers.tls', () => {
  const tls = (settings: object, protocol = 'HTTPS') => {
    const { item, fields } = read(server(protocol, { tls: settings }));
    return { server: item.servers[0], fields: fields?.map((field) => field.replace('servers[0].tls', 'tls')) };
  };

  it.each<[string, object, Partial<GatewayServer['tls']>]>([
    ['mode SIMPLE', { mode: 'SIMPLE' }, {}],
    ['mode MUTUAL', { mode: 'MUTUAL' }, { clientCertificate: 'mutual' }],
    ['mode OPTIONAL_MUTUAL', { mode: 'OPTIONAL_MUTUAL' }, { clientCertificate: 'optional' }],
    [
      'subjectAltNames',
      { mode: 'MUTUAL', subjectAltNames: ['spiffe://a'] },
      { clientCertificate: 'mutual', subjectAltNames: ['spiffe://a'] },
    ],
    [
      'verifyCertificateSpki',
      { mode: 'MUTUAL', verifyCertificateSpki: [SPKI] },
      { clientCertificate: 'mutual', verifyCertificateSpki: [SPKI] },
    ],
    [
      'verifyCertificateHash',
      { mode: 'MUTUAL', verifyCertificateHash: [HASH] },
      { clientCertificate: 'mutual', verifyCertificateHash: [HASH] },
    ],
    [
      'caCertCredentialName',
      { mode: 'MUTUAL', caCertCredentialName: 'ca' },
      { clientCertificate: 'mutual', clientAuthority: { kind: 'secret', namespace: 'shop', name: 'ca' } },
    ],
    ['minProtocolVersion', { mode: 'SIMPLE', minProtocolVersion: 'TLSV1_3' }, { minVersion: '1.3' }],
    ['maxProtocolVersion', { mode: 'SIMPLE', maxProtocolVersion: 'TLSV1_2' }, { maxVersion: '1.2' }],
    ['minProtocolVersion', { mode: 'SIMPLE', minProtocolVersion: 'TLS_AUTO' }, {}],
    [
      'cipherSuites',
      { mode: 'SIMPLE', cipherSuites: ['ECDHE-RSA-AES128-GCM-SHA256'] },
      { cipherSuites: ['ECDHE-RSA-AES128-GCM-SHA256'] },
    ],
  ])('Gateway servers.tls.%s is read: %j', (_, settings, expected) => {
    const result = tls({ ...settings, credentialName: 'cert' });
    expect(result.fields).toEqual([]);
    expect(result.server?.tls).toEqual({ ...simple, ...expected });
  });

  it('Gateway servers.tls.credentialName is a secret', () => {
    expect(tls({ mode: 'SIMPLE', credentialName: 'cert' }).server?.tls).toEqual(simple);
  });

  it('Gateway servers.tls.credentialNames are several, and win over one', () => {
    const { server: found } = tls({ mode: 'SIMPLE', credentialName: 'x', credentialNames: ['cert', 'ecdsa'] });
    expect(found?.tls?.credentials).toEqual([certificate, { ...certificate, name: 'ecdsa' }]);
  });

  it('Gateway servers.tls.serverCertificate, privateKey, caCertificates and caCrl are files', () => {
    const files = { serverCertificate: '/c', privateKey: '/k', caCertificates: '/ca', caCrl: '/crl' };
    expect(tls({ mode: 'MUTUAL', ...files })).toMatchObject({
      server: {
        tls: {
          credentials: [
            { kind: 'files', certificateChain: '/c', privateKey: '/k', caCertificates: '/ca', crl: '/crl' },
          ],
        },
      },
      fields: [],
    });
  });

  it('Gateway servers.tls.tlsCertificates are several files', () => {
    const pair = { serverCertificate: '/c', privateKey: '/k', caCertificates: '/ca' };
    expect(tls({ mode: 'SIMPLE', tlsCertificates: [pair, { ...pair, privateKey: '/l' }] })).toMatchObject({
      server: { tls: { credentials: [{ privateKey: '/k', caCertificates: '/ca' }, { privateKey: '/l' }] } },
      fields: [],
    });
  });

  it('Gateway servers.tls.mode ISTIO_MUTUAL takes the identities of the mesh', () => {
    const { server: found, fields } = tls({ mode: 'ISTIO_MUTUAL' });
    expect(found?.tls).toEqual({ credentials: [], clientCertificate: 'mutual', isMesh: true });
    expect(fields).toEqual([]);
  });

  it('Gateway servers.tls.mode PASSTHROUGH, which an unset mode means too, ends no TLS', () => {
    for (const settings of [{ mode: 'PASSTHROUGH' }, {}]) {
      const { server: found, fields } = tls(settings, 'TLS');
      expect(found).toMatchObject({ protocol: 'tls' });
      expect(found).not.toHaveProperty('tls');
      expect(fields).toEqual([]);
    }
  });

  it('Gateway servers.tls.mode AUTO_PASSTHROUGH leads to the service that the server name names', () => {
    expect(tls({ mode: 'AUTO_PASSTHROUGH' }, 'TLS').server).toMatchObject({ passesToNamedService: true });
  });

  it('Gateway servers.tls.httpsRedirect is read of HTTP servers', () => {
    const { item, fields } = read(server('HTTP', { tls: { httpsRedirect: true } }));
    expect(item.servers[0]).toMatchObject({ protocol: 'http', redirectsToHttps: true });
    expect(fields).toEqual([]);
  });

  it.each([
    [{ mode: 'SIMPLE' }, ['invalid tls']],
    [{ mode: 'ODD', credentialName: 'cert' }, ['invalid tls.mode']],
    [{ mode: 'SIMPLE', serverCertificate: '/c' }, ['invalid tls.privateKey', 'invalid tls']],
  ])('serves nothing without certificates: %j', (settings, fields) => {
    expect(tls(settings)).toEqual({ server: undefined, fields });
  });

  it.each([
    [{ verifyCertificateSpki: ['x'] }, ['invalid tls.verifyCertificateSpki']],
    [{ verifyCertificateHash: ['x'] }, ['invalid tls.verifyCertificateHash']],
    [{ minProtocolVersion: 'TLSV1_3', maxProtocolVersion: 'TLSV1_2' }, ['invalid tls.maxProtocolVersion']],
  ])('lets nobody in by a condition that cannot be read: %j', (settings, fields) => {
    expect(tls({ mode: 'MUTUAL', credentialName: 'cert', ...settings })).toEqual({ server: undefined, fields });
  });

  it('Gateway servers.tls.cipherSuites that are not known are reported, and the others used', () => {
    const result = tls({ mode: 'SIMPLE', credentialName: 'cert', cipherSuites: ['NULL', 'AES128-SHA'] });
    expect(result.server?.tls?.cipherSuites).toEqual(['AES128-SHA']);
    expect(result.fields).toEqual(['unsupported tls.cipherSuites']);
  });

  it('reports what does not go together', () => {
    expect(tls({ mode: 'SIMPLE', credentialName: 'cert', minProtocolVersion: 'TLSV9' }).fields).toEqual([
      'invalid tls.minProtocolVersion',
    ]);
    expect(tls({ mode: 'PASSTHROUGH', credentialName: 'cert' }).fields).toEqual(['unsupported tls.credentialName']);
    expect(tls({ mode: 'SIMPLE', credentialName: 'cert', httpsRedirect: true }).fields).toEqual([
      'invalid tls.httpsRedirect',
    ]);
  });
});

import { type CertificateInspector, createMeshModel } from '@meshwise/model';
import { keyOf, keyText, type Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { istioMesh, kubernetesMesh } from '../index.ts';
import {
  destinationRule,
  gatewayProxy,
  gatewayResource,
  secret,
  service,
  virtualService,
} from '../testing/resources.ts';

const pem = (name: string, content = 'AAAA') => `-----BEGIN ${name}-----\n${content}\n-----END ${name}-----\n`;
const DAMAGED = pem('X509 CRL', 'damaged');
const shop = service('shop', [{ name: 'http', port: 80 }]);
const own = { 'tls.crt': pem('CERTIFICATE'), 'tls.key': pem('PRIVATE KEY'), 'ca.crt': pem('CERTIFICATE') };
const proxy = gatewayProxy('default', { istio: 'ingressgateway' });

const inspector: CertificateInspector = {
  keyPair: () => undefined,
  authorities: () => undefined,
  revocations: (text) => (text === '' || text === DAMAGED ? 'its revocation lists cannot be read' : undefined),
  files: ({ crl }) => (crl === '/damaged.crl' ? 'its revocation lists cannot be read' : undefined),
};

function meshOf(...resources: readonly Resource[]) {
  const model = createMeshModel({ readers: [kubernetesMesh, istioMesh], certificates: inspector });
  model.update([shop, ...resources].map((resource) => ({ type: 'upsert', resource })));
  model.setProxy(proxy);
  const remarks = (of: Resource) =>
    (model.residues().get(keyText(keyOf(of))) ?? []).map(({ severity, message }) => `${severity}: ${message}`);
  return { model, remarks };
}

describe('what authorities have taken back', () => {
  const server = (tls: object) => ({ port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['*'], tls });
  const gateway = (tls: object) =>
    gatewayResource('gw', { selector: { istio: 'ingressgateway' }, servers: [server(tls)] });
  const front = virtualService('front', {
    hosts: ['*'],
    gateways: ['gw'],
    http: [{ route: [{ destination: { host: 'shop' } }] }],
  });
  const files = { mode: 'MUTUAL', serverCertificate: '/c', privateKey: '/k', caCertificates: '/ca' };

  it.each(['/good.crl', undefined])('Gateway servers.tls.caCrl: %s is served', (caCrl) => {
    const { model, remarks } = meshOf(gateway({ ...files, caCrl }), front);
    expect(model.gateway(proxy.id).servers).toHaveLength(1);
    expect(remarks(gateway({}))).toEqual([]);
  });

  it('Gateway servers.tls.caCrl: a damaged file is a condition, and the server is left out', () => {
    const { model, remarks } = meshOf(gateway({ ...files, caCrl: '/damaged.crl' }), front);
    expect(model.gateway(proxy.id).servers).toEqual([]);
    expect(remarks(gateway({}))).toEqual([
      'invalid: spec.servers[0].tls: its revocation lists cannot be read; * cannot be reached here',
    ]);
  });

  it.each([DAMAGED, 'no list at all'])('Gateway servers.tls.credentialName: so is a damaged ca.crl, %j', (text) => {
    const tls = { mode: 'MUTUAL', credentialName: 'a' };
    const broken = meshOf(gateway(tls), front, secret('default/a', { ...own, 'ca.crl': text }));
    expect(broken.model.gateway(proxy.id)).toMatchObject({ servers: [] });
    expect(broken.model.gateway(proxy.id).secrets ?? []).toEqual([]);
    expect(broken.remarks(gateway(tls))).toEqual([
      'invalid: spec.servers[0].tls: the Secret a in default cannot be used: its revocation lists cannot be read; * cannot be reached here',
    ]);
    const crlPem = pem('X509 CRL');
    const good = meshOf(gateway(tls), front, secret('default/a', { ...own, 'ca.crl': crlPem }));
    expect(good.model.gateway(proxy.id).secrets).toContainEqual({
      name: 'kubernetes://a-cacert',
      trustedCaPem: own['ca.crt'],
      crlPem,
    });
  });

  const rule = (tls: object, more: object = {}) =>
    destinationRule('shop', { host: 'shop', trafficPolicy: { tls: { mode: 'SIMPLE', ...tls } }, ...more });
  const outbound = ({ model }: ReturnType<typeof meshOf>) => model.outbound(model.scopeOf(proxy.id));

  it('DestinationRule trafficPolicy.tls.caCrl: a damaged file is a condition, and nothing is sent', () => {
    const broken = meshOf(rule({ caCertificates: '/ca', caCrl: '/damaged.crl' }));
    expect(outbound(broken).clusters).toMatchObject([{ tls: { mode: 'plain' } }]);
    expect(outbound(broken).endpoints).toEqual([expect.objectContaining({ endpoints: [] })]);
    expect(broken.remarks(rule({}))).toEqual([
      expect.stringContaining('its revocation lists cannot be read; nothing is sent'),
    ]);
  });

  it('DestinationRule trafficPolicy.tls.credentialName: so is a damaged ca.crl of the Secret', () => {
    const broken = meshOf(rule({ credentialName: 'a' }), secret('default/a', { ...own, 'ca.crl': DAMAGED }));
    expect(outbound(broken).clusters).toMatchObject([{ tls: { mode: 'plain' } }]);
    expect(outbound(broken).secrets ?? []).toEqual([]);
    const selective = rule({ credentialName: 'a' }, { workloadSelector: { matchLabels: { app: 'x' } } });
    expect(meshOf(selective, secret('default/a', { ...own, 'ca.crl': DAMAGED })).remarks(selective)).toEqual([
      expect.stringContaining('cannot be used: its revocation lists cannot be read; nothing is sent'),
    ]);
  });
});

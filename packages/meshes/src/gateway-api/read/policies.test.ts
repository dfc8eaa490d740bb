import { describe, expect, it } from 'vitest';
import { backendTlsPolicy, gatewayClass, httpRoute, referenceGrant } from '../../testing/class-gateway.ts';
import { readItem } from '../../testing/read-route.ts';
import { configMap } from '../../testing/resources.ts';
import { gatewayApiMesh } from '../index.ts';

describe('GatewayClass', () => {
  it('GatewayClass controllerName and description', () => {
    const resource = {
      ...gatewayClass('a', 'example.com/b'),
      spec: { controllerName: 'example.com/b', description: 'c' },
    };
    const { item, fields } = readItem('gateway-class', resource);
    expect(item).toMatchObject({ namespace: '', name: 'a', controllerName: 'example.com/b' });
    expect(fields).toEqual([]);
  });

  it('GatewayClass parametersRef is reported: group, kind, name, namespace', () => {
    const spec = {
      controllerName: 'a.b/c',
      parametersRef: { group: '', kind: 'ConfigMap', name: 'a', namespace: 'b' },
    };
    expect(readItem('gateway-class', { ...gatewayClass(), spec }).fields).toEqual(['unsupported parametersRef']);
  });
});

describe('ReferenceGrant', () => {
  const read = (spec: object) => readItem('reference-grant', referenceGrant('shop/a', spec));

  it('ReferenceGrant from: group, kind, namespace say who', () => {
    const from = [{ group: 'g', kind: 'K', namespace: 'n' }];
    const to = [
      { group: '', kind: 'Service', name: 'a' },
      { group: '', kind: 'Secret' },
    ];
    const { item, fields } = read({ from, to });
    expect(item).toMatchObject({ namespace: 'shop', from, to });
    expect(item.to[1]).not.toHaveProperty('name');
    expect(fields).toEqual([]);
  });

  it('ReferenceGrant to: group, kind, name say what', () => {
    expect(read({ from: [], to: [{ group: 'g', kind: 'K', name: 'a' }] }).item.to).toEqual([
      { group: 'g', kind: 'K', name: 'a' },
    ]);
  });

  it.each<readonly [object, readonly string[]]>([
    [{ from: [{ group: 'g', kind: 'K' }] }, ['invalid from[0]']],
    [{ from: [{ group: 'g', kind: 'K', namespace: 'n', name: 'a' }] }, ['unsupported from[0].name']],
    [{ to: [{ group: 'g' }] }, ['invalid to[0].kind']],
    [{ to: [{ group: '', kind: 'Secret', name: 1 }] }, ['invalid to[0].name']],
    [{ to: [{ group: '', kind: 'Secret', labels: {} }] }, ['unsupported to[0].labels']],
  ])('grants nothing by %j', (spec, fields) => {
    expect(read(spec)).toMatchObject({ item: { from: [], to: [] }, fields });
  });
});

describe('BackendTLSPolicy', () => {
  const read = (validation: object, more: object = {}) =>
    readItem('backend-tls', backendTlsPolicy('shop/a', { targetRefs: [], validation, ...more }));
  const bundle = { group: '', kind: 'ConfigMap', name: 'ca' };
  const good = { hostname: 'a.example', caCertificateRefs: [bundle] };

  it('BackendTLSPolicy targetRefs: group, kind, name, sectionName', () => {
    const target = { group: '', kind: 'Service', name: 'a', sectionName: 'https' };
    expect(read(good, { targetRefs: [target] }).item.targets).toMatchObject([target]);
  });

  it('BackendTLSPolicy validation.hostname and validation.caCertificateRefs: group, kind, name', () => {
    const { item, fields } = read(good);
    expect(item).toMatchObject({ hostname: 'a.example', authorities: [bundle], subjectAltNames: [] });
    expect(fields).toEqual([]);
  });

  it('BackendTLSPolicy validation.wellKnownCACertificates System trusts the authorities of the system', () => {
    expect(read({ hostname: 'a.example', wellKnownCACertificates: 'System' }).item.authorities).toBe('system');
  });

  it('BackendTLSPolicy validation.subjectAltNames: type, hostname, uri', () => {
    const subjectAltNames = [
      { type: 'Hostname', hostname: 'b.example' },
      { type: 'URI', uri: 'spiffe://a/b' },
    ];
    expect(read({ ...good, subjectAltNames }).item.subjectAltNames).toEqual(['b.example', 'spiffe://a/b']);
  });

  it('BackendTLSPolicy options are reported', () => {
    expect(read(good, { options: { 'a.example/b': 'c' } }).fields).toEqual(['unsupported options']);
  });

  it.each([
    [{ hostname: 'a.example' }, 'invalid validation.caCertificateRefs'],
    [{ hostname: 'a.example', wellKnownCACertificates: 'Odd' }, 'unsupported validation.wellKnownCACertificates'],
    [{ ...good, subjectAltNames: [{ type: 'URI' }] }, 'invalid validation.subjectAltNames[0]'],
  ])('trusts nobody by %j', (validation, field) => {
    expect(read(validation)).toMatchObject({ item: { authorities: [] }, fields: [field] });
  });

  it('trusts nobody without validation', () => {
    const { item, fields } = readItem('backend-tls', backendTlsPolicy('a', { targetRefs: [] }));
    expect(item.authorities).toEqual([]);
    expect(fields).toEqual(['invalid validation']);
  });
});

describe('what the Gateway API refers to', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

  it('a ConfigMap with authorities under ca.crt is a bundle', () => {
    expect(gatewayApiMesh.read(configMap('shop/ca', { 'ca.crt': pem }))?.items).toMatchObject([
      { kind: 'trust-bundle', namespace: 'shop', name: 'ca', trustedCaPem: pem },
    ]);
  });

  it.each([[{}], [{ 'ca.crt': 'nothing' }], [{ 'ca.pem': pem }]])('a ConfigMap with %j is none', (data) => {
    expect(gatewayApiMesh.read(configMap('ca', data))).toBeUndefined();
  });
});

it('a version that is not served is reported', () => {
  const fragment = gatewayApiMesh.read({ ...httpRoute('a', {}), apiVersion: 'gateway.networking.k8s.io/v9' });
  expect(fragment).toMatchObject({
    items: [],
    residues: [{ severity: 'unsupported', origin: { field: 'apiVersion' } }],
  });
});

it('kinds of other groups are left alone', () => {
  expect(gatewayApiMesh.read({ ...httpRoute('a', {}), apiVersion: 'example.com/v1' })).toBeUndefined();
});

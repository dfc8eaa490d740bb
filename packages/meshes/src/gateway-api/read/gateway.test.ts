import { describe, expect, it } from 'vitest';
import { classGateway } from '../../testing/class-gateway.ts';
import { readItem, readListener } from '../../testing/read-route.ts';

const read = (spec: object) => readItem('gateway', classGateway('shop/a', spec));
const http = (more: object = {}) => ({ name: 'web', port: 80, protocol: 'HTTP', ...more });
const https = (tls: object = {}) => ({ name: 'web', port: 443, protocol: 'HTTPS', tls });
const certificateRefs = [{ name: 'cert' }];

describe('Gateway (Gateway API)', () => {
  it('Gateway (Gateway API) gatewayClassName, and proxies are those with its name', () => {
    expect(read({ gatewayClassName: 'meshwise' }).item).toMatchObject({
      className: 'meshwise',
      selector: { 'gateway.networking.k8s.io/gateway-name': 'a' },
      servers: [],
    });
  });

  it('Gateway (Gateway API) addresses: type and value, of which only names of Services can be chosen', () => {
    const addresses = [{ type: 'Hostname', value: 'a.shop.svc.cluster.local' }, { value: '192.0.2.1' }];
    const { item, fields } = read({ addresses });
    expect(item.addresses).toMatchObject([addresses[0] ?? {}, { type: 'IPAddress', value: '192.0.2.1' }]);
    expect(fields).toEqual(['unsupported addresses[1].type']);
  });

  it('Gateway (Gateway API) infrastructure: labels and annotations are for whoever runs it, parametersRef is reported', () => {
    const parametersRef = { group: '', kind: 'ConfigMap', name: 'a' };
    expect(read({ infrastructure: { labels: { a: 'b' }, annotations: { c: 'd' } } }).fields).toEqual([]);
    expect(read({ infrastructure: { parametersRef } }).fields).toEqual(['unsupported infrastructure.parametersRef']);
  });

  it('Gateway (Gateway API) allowedListeners.namespaces: from and selector are reported unless they admit none', () => {
    const of = (namespaces: object) => read({ allowedListeners: { namespaces } }).fields;
    expect(of({ from: 'None' })).toEqual([]);
    expect(of({ from: 'Selector', selector: { matchLabels: { a: 'b' } } })).toEqual([
      'unsupported allowedListeners.namespaces.from',
      'unsupported allowedListeners.namespaces.selector',
    ]);
  });

  it('Gateway (Gateway API) defaultScope and tls.backend.clientCertificateRef are reported', () => {
    const tls = { backend: { clientCertificateRef: { name: 'a' } } };
    expect(read({ defaultScope: 'All', tls }).fields).toEqual(['unsupported tls.backend', 'unsupported defaultScope']);
    expect(read({ defaultScope: 'None' }).fields).toEqual([]);
  });
});

describe('Gateway (Gateway API) listeners', () => {
  it('Gateway (Gateway API) listeners: name, port and protocol are read, and all hosts without hostname', () => {
    const { server, fields } = readListener(http());
    expect(server).toMatchObject({ portName: 'web', port: 80, protocol: 'http', hosts: ['*'] });
    expect(fields).toEqual([]);
  });

  it('Gateway (Gateway API) listeners.hostname is read', () => {
    expect(readListener(http({ hostname: '*.A.example' })).server?.hosts).toEqual(['*.a.example']);
  });

  it.each([
    ['HTTPS', { certificateRefs }, 'https', true],
    ['TLS', { mode: 'Terminate', certificateRefs }, 'tls', true],
    ['TLS', { mode: 'Passthrough' }, 'tls', false],
    ['TCP', undefined, 'tcp', false],
  ])(
    'Gateway (Gateway API) listeners.protocol %s with listeners.tls.mode %j is served as %s',
    (protocol, tls, as, ends) => {
      const { server, fields } = readListener({ name: 'a', port: 1, protocol, tls });
      expect(server?.protocol).toBe(as);
      expect(server?.tls !== undefined).toBe(ends);
      expect(server?.problem).toBeUndefined();
      expect(fields).toEqual([]);
    },
  );

  it('Gateway (Gateway API) listeners.tls.certificateRefs: group, kind, name, namespace are Secrets beside it unless they say more', () => {
    const other = { group: 'g', kind: 'K', namespace: 'n', name: 'b' };
    expect(
      readListener(https({ certificateRefs: [...certificateRefs, other] })).server?.certificateReferences,
    ).toMatchObject([{ group: '', kind: 'Secret', namespace: 'shop', name: 'cert' }, other]);
  });

  it('Gateway (Gateway API) listeners.tls.options are reported', () => {
    const { fields } = readListener(https({ certificateRefs, options: { 'a.example/b': 'c' } }));
    expect(fields).toEqual(['unsupported tls.options']);
  });

  it.each<readonly [object, string, string]>([
    [{ ...http(), protocol: 'UDP' }, 'UnsupportedProtocol', 'unsupported protocol'],
    [{ ...http(), protocol: 'example.com/odd' }, 'UnsupportedProtocol', 'unsupported protocol'],
    [{ ...http(), protocol: 'HTTPS' }, 'UnsupportedValue', 'invalid tls'],
    [{ ...http(), tls: {} }, 'UnsupportedValue', 'invalid tls'],
    [https({ mode: 'Passthrough' }), 'UnsupportedValue', 'invalid tls'],
    [{ ...https({ mode: 'Odd' }), protocol: 'TLS' }, 'UnsupportedValue', 'invalid tls'],
  ])('one that cannot be served stays with its problem: %j', (listener, reason, field) => {
    const { server, fields } = readListener(listener);
    expect(server?.problem).toMatchObject({ condition: 'Accepted', reason });
    expect(fields).toEqual([field]);
  });

  it('one without a port is left out', () => {
    expect(readListener({ name: 'a', protocol: 'HTTP' })).toEqual({ server: undefined, fields: ['invalid port'] });
  });
});

describe('Gateway (Gateway API) listeners.allowedRoutes', () => {
  const admitted = (allowedRoutes: object | undefined) => {
    const { server, fields } = readListener(http({ allowedRoutes }));
    return { admits: server?.admits, fields };
  };

  it.each([
    [undefined, 'same'],
    [{}, 'same'],
    [{ namespaces: { from: 'Same' } }, 'same'],
    [{ namespaces: { from: 'All' } }, 'all'],
    [{ namespaces: { from: 'None' } }, 'none'],
  ])('Gateway (Gateway API) listeners.allowedRoutes.namespaces.from of %j', (allowedRoutes, namespaces) => {
    expect(admitted(allowedRoutes)).toEqual({ admits: { namespaces, kinds: [] }, fields: [] });
  });

  it('Gateway (Gateway API) listeners.allowedRoutes.namespaces.selector: matchLabels, matchExpressions', () => {
    const matchExpressions = [
      { key: 'a', operator: 'In', values: ['b'] },
      { key: 'c', operator: 'Exists' },
    ];
    const selector = { matchLabels: { d: 'e' }, matchExpressions };
    expect(admitted({ namespaces: { from: 'Selector', selector } }).admits?.namespaces).toEqual({
      selector: {
        matchLabels: { d: 'e' },
        matchExpressions: [matchExpressions[0], { ...matchExpressions[1], values: [] }],
      },
    });
  });

  it('Gateway (Gateway API) listeners.allowedRoutes.kinds: group and kind', () => {
    expect(admitted({ kinds: [{ kind: 'HTTPRoute' }, { group: 'g', kind: 'K' }] }).admits?.kinds).toEqual([
      { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' },
      { group: 'g', kind: 'K' },
    ]);
  });

  it.each([
    [{ namespaces: { from: 'Odd' } }, 'invalid allowedRoutes.namespaces.from'],
    [{ namespaces: { from: 'Selector' } }, 'invalid allowedRoutes.namespaces.selector'],
  ])('admits no namespace by %j', (allowedRoutes, field) => {
    expect(admitted(allowedRoutes)).toEqual({ admits: { namespaces: 'none', kinds: [] }, fields: [field] });
  });

  it('admits no namespace by a requirement that is not known', () => {
    const selector = { matchLabels: { a: 'b' }, matchExpressions: [{ key: 'c', operator: 'Near' }] };
    expect(admitted({ namespaces: { from: 'Selector', selector } }).admits?.namespaces).toBe('none');
  });
});

describe('Gateway (Gateway API) tls.frontend', () => {
  const bundle = { group: '', kind: 'ConfigMap', name: 'clients', namespace: 'other' };
  const validation = { caCertificateRefs: [bundle] };
  const at = (frontend: object, listener = https({ certificateRefs })) => readListener(listener, { tls: { frontend } });

  it('Gateway (Gateway API) tls.frontend.default.validation.caCertificateRefs: group, kind, name, namespace of authorities', () => {
    const { server, fields } = at({ default: { validation } });
    expect(server).toMatchObject({ tls: { clientCertificate: 'mutual' }, clientAuthorityReferences: [bundle] });
    expect(fields).toEqual([]);
  });

  it('Gateway (Gateway API) tls.frontend.default.validation.mode AllowInsecureFallback holds in part, and says so', () => {
    const { server, fields } = at({ default: { validation: { ...validation, mode: 'AllowInsecureFallback' } } });
    expect(server?.tls?.clientCertificate).toBe('optional');
    expect(fields).toEqual(['unsupported tls.frontend.default.validation.mode']);
  });

  it('Gateway (Gateway API) tls.frontend.perPort: port and tls go before the default', () => {
    const perPort = [{ port: 443, tls: {} }];
    expect(at({ default: { validation }, perPort }).server?.tls?.clientCertificate).toBe('none');
    const strict = [{ port: 443, tls: { validation } }];
    expect(at({ default: {}, perPort: strict }).server?.tls?.clientCertificate).toBe('mutual');
    expect(at({ default: {}, perPort: [{ port: 444, tls: { validation } }] }).server?.tls?.clientCertificate).toBe(
      'none',
    );
  });

  it('is nothing to listeners that end no TLS', () => {
    expect(at({ default: { validation } }, http() as ReturnType<typeof https>).server).not.toHaveProperty('tls');
  });
});

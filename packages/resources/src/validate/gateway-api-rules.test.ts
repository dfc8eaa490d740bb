import { describe, expect, test } from 'vitest';
import { withDefaults } from '../defaults/with-defaults.ts';
import type { Resource } from '../resource.ts';
import { validateObject } from './validate-resource.ts';

function resource(kind: string, spec: object, version = 'v1'): Resource {
  const metadata = { name: 'a', ...(kind === 'GatewayClass' ? {} : { namespace: 'default' }) };
  return { apiVersion: `gateway.networking.k8s.io/${version}`, kind, metadata, spec };
}

/** Fields that are remarked on, below the spec. */
function fieldsOf(kind: string, spec: object, version?: string): readonly string[] {
  return validateObject(resource(kind, spec, version)).map(({ field = '' }) => field.replace(/^spec\./, ''));
}

const BACKEND = { name: 'reviews', port: 9080 };
const rule = (more: object) => fieldsOf('HTTPRoute', { rules: [more] }).map((field) => field.replace('rules[0].', ''));
const filter = (type: string, settings: object) => ({ type, ...settings });
const redirect = (requestRedirect: object) => filter('RequestRedirect', { requestRedirect });
const rewrite = (urlRewrite: object) => filter('URLRewrite', { urlRewrite });

describe('rules of routes of the Gateway API', () => {
  test.each<readonly [object, readonly string[]]>([
    [{ backendRefs: [BACKEND] }, []],
    [{ backendRefs: [{ name: 'reviews' }] }, ['backendRefs[0].port']],
    [{ backendRefs: [{ group: 'a.example', kind: 'Bucket', name: 'b' }] }, []],
    [{ filters: [redirect({}), rewrite({})] }, ['filters']],
    [{ filters: [redirect({}), redirect({})] }, ['filters[1].type']],
    [{ filters: [redirect({})], backendRefs: [BACKEND] }, ['filters[0].requestRedirect']],
    [{ filters: [redirect({ statusCode: 304 })] }, ['filters[0].requestRedirect.statusCode']],
    [{ filters: [redirect({ scheme: 'ftp' })] }, ['filters[0].requestRedirect.scheme']],
    [{ filters: [{ type: 'CORS' }] }, ['filters[0].cors']],
    [{ filters: [{ type: 'CORS', cors: {}, urlRewrite: {} }] }, ['filters[0].urlRewrite']],
    [{ filters: [filter('CORS', { cors: { allowOrigins: ['*', 'http://a'] } })] }, ['filters[0].cors.allowOrigins']],
    [{ filters: [filter('CORS', { cors: { allowOrigins: ['a'] } })] }, ['filters[0].cors.allowOrigins[0]']],
    [
      { filters: [filter('RequestMirror', { requestMirror: { backendRef: { name: 'a' } } })] },
      ['filters[0].requestMirror.backendRef.port'],
    ],
    [
      {
        filters: [
          filter('RequestMirror', {
            requestMirror: { backendRef: BACKEND, fraction: { numerator: 2, denominator: 1 } },
          }),
        ],
      },
      ['filters[0].requestMirror.fraction.numerator'],
    ],
    [
      {
        filters: [
          filter('RequestMirror', { requestMirror: { backendRef: BACKEND, fraction: { numerator: 2 }, percent: 1 } }),
        ],
      },
      ['filters[0].requestMirror.fraction'],
    ],
    [
      { filters: [rewrite({ path: { type: 'ReplaceFullPath', replacePrefixMatch: '/' } })] },
      ['filters[0].urlRewrite.path.replaceFullPath', 'filters[0].urlRewrite.path.replacePrefixMatch'],
    ],
    [{ filters: [rewrite({ path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '' } })] }, []],
    [{ timeouts: { request: '1s', backendRequest: '1500ms' } }, ['timeouts.backendRequest']],
    [{ timeouts: { request: '0s', backendRequest: '1500ms' } }, []],
    [{ timeouts: { request: '1.5s' } }, ['timeouts.request']],
    [{ retry: { codes: [200] } }, ['retry.codes[0]']],
    [{ sessionPersistence: { cookieConfig: { lifetimeType: 'Permanent' } } }, ['sessionPersistence.absoluteTimeout']],
    [{ sessionPersistence: { type: 'Header', cookieConfig: {} } }, ['sessionPersistence.cookieConfig']],
    [{ matches: [{ headers: [{ name: 'a b', value: '1' }] }] }, ['matches[0].headers[0].name']],
  ])('%j is remarked on at %j', (written, fields) => {
    expect(rule(written)).toEqual(fields);
  });

  test.each(['a', '/a//b', '/a/./b', '/a/..', '/a%2Fb', '/a#b', '/ä', '/a b'])('%s is no path', (value) => {
    expect(rule({ matches: [{ path: { value } }] })).toEqual(['matches[0].path.value']);
    expect(rule({ matches: [{ path: { type: 'RegularExpression', value: '/a//b' } }] })).toEqual([]);
  });

  test('a prefix is replaced where exactly one is matched', () => {
    const filters = [rewrite({ path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } })];
    const at = ['filters[0].urlRewrite.path.type'];
    expect(rule({ filters })).toEqual([]);
    expect(rule({ filters, matches: [{ path: { value: '/a' } }] })).toEqual([]);
    expect(rule({ filters, matches: [{ path: { type: 'Exact', value: '/a' } }] })).toEqual(at);
    expect(rule({ filters, matches: [{}, {}] })).toEqual(at);
    expect(rule({ matches: [{}, {}], backendRefs: [{ ...BACKEND, filters }] })).toEqual([`backendRefs[0].${at[0]}`]);
  });

  test('parents and names of rules are there once', () => {
    const twice = (more: object) => fieldsOf('HTTPRoute', { parentRefs: [{ name: 'a' }, { name: 'a', ...more }] });
    expect(twice({})).toEqual(['parentRefs[1]']);
    expect(twice({ sectionName: 'b' })).toEqual([]);
    expect(twice({ port: 1 })).toEqual([]);
    expect(fieldsOf('HTTPRoute', { rules: [{ name: 'a' }, { name: 'a' }] })).toEqual(['rules[1]']);
  });

  test('hosts are names in small letters, and every version of a kind is checked', () => {
    expect(fieldsOf('HTTPRoute', { hostnames: ['a.example', '*.b', 'A', '*'] }, 'v1beta1')).toEqual([
      'hostnames[2]',
      'hostnames[3]',
    ]);
    expect(fieldsOf('TCPRoute', { rules: [{ backendRefs: [{ name: 'a' }] }] }, 'v1alpha2')).toEqual([
      'rules[0].backendRefs[0].port',
    ]);
  });

  test('a method of gRPC is named by its service, its name or both', () => {
    const match = (method: object) => fieldsOf('GRPCRoute', { rules: [{ matches: [{ method }] }] });
    expect(match({ service: 'a.B', method: 'C' })).toEqual([]);
    expect(match({})).toEqual(['rules[0].matches[0].method']);
    expect(match({ service: 'a/b' })).toEqual(['rules[0].matches[0].method.service']);
    expect(match({ type: 'RegularExpression', service: 'a/b' })).toEqual([]);
  });
});

describe('rules of Gateways of the Gateway API', () => {
  const gateway = (listeners: readonly object[], more: object = {}) =>
    fieldsOf('Gateway', { gatewayClassName: 'a', listeners, ...more });
  const tls = { certificateRefs: [{ name: 'cert' }] };
  const one = (protocol: string, more: object = {}) => ({ name: 'a', port: 1, protocol, ...more });

  test.each<readonly [object, readonly string[]]>([
    [one('HTTP'), []],
    [one('HTTPS', { tls }), []],
    [one('HTTP', { tls }), ['listeners[0].tls']],
    [one('HTTPS'), ['listeners[0].tls']],
    [one('HTTPS', { tls: { mode: 'Passthrough' } }), ['listeners[0].tls.mode']],
    [one('HTTPS', { tls: {} }), ['listeners[0].tls.certificateRefs']],
    [one('HTTPS', { tls: { options: { 'a.example/b': 'c' } } }), []],
    [one('TLS', { tls }), ['listeners[0].tls.mode']],
    [one('TLS', { tls: { mode: 'Passthrough' } }), []],
    [one('TCP', { hostname: 'a.example' }), ['listeners[0].hostname']],
    [one('HTTP', { hostname: 'A' }), ['listeners[0].hostname']],
  ])('%j is remarked on at %j', (listener, fields) => {
    expect(gateway([listener])).toEqual(fields);
  });

  test('listeners are told apart by their names, and by port, protocol and hostname', () => {
    expect(gateway([])).toEqual(['listeners']);
    expect(gateway([one('HTTP'), { ...one('HTTP'), port: 2 }])).toEqual(['listeners[1]']);
    expect(gateway([one('HTTP'), { ...one('HTTP'), name: 'b' }])).toEqual(['listeners[1]']);
    expect(gateway([one('HTTP'), { ...one('HTTP', { hostname: 'a.example' }), name: 'b' }])).toEqual([]);
    const addresses = [{ value: '192.0.2.1' }, { type: 'IPAddress', value: '192.0.2.1' }, {}, {}];
    expect(gateway([one('HTTP')], { addresses })).toEqual(['addresses[1]']);
  });
});

describe('rules of BackendTLSPolicies', () => {
  const target = { group: '', kind: 'Service', name: 'a' };
  const policy = (validation: object, targetRefs: readonly object[] = [target]) =>
    fieldsOf('BackendTLSPolicy', { targetRefs, validation }).map((field) => field.replace('validation.', ''));
  const caCertificateRefs = [{ group: '', kind: 'ConfigMap', name: 'ca' }];
  const hostname = 'a.example';

  test.each<readonly [object, readonly string[]]>([
    [{ hostname, caCertificateRefs }, []],
    [{ hostname, wellKnownCACertificates: 'System' }, []],
    [{ hostname, caCertificateRefs, wellKnownCACertificates: 'System' }, ['wellKnownCACertificates']],
    [{ hostname }, ['validation']],
    [{ caCertificateRefs }, ['hostname']],
    [
      { hostname, caCertificateRefs, subjectAltNames: [{ type: 'URI', hostname }] },
      ['subjectAltNames[0].uri', 'subjectAltNames[0].hostname'],
    ],
  ])('%j is remarked on at %j', (validation, fields) => {
    expect(policy(validation)).toEqual(fields);
  });

  test('one target is named once, unless by its ports', () => {
    const validation = { hostname, caCertificateRefs };
    expect(policy(validation, [target, target])).toEqual(['targetRefs[1]']);
    expect(policy(validation, [target, { ...target, sectionName: 'web' }])).toEqual([]);
  });
});

describe('defaults of the Gateway API', () => {
  test('are those of the API server', () => {
    const filled = withDefaults(
      resource('HTTPRoute', { parentRefs: [{ name: 'a' }], rules: [{ backendRefs: [BACKEND] }] }),
    );
    expect(filled.spec).toEqual({
      parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'a' }],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/' } }],
          backendRefs: [{ group: '', kind: 'Service', ...BACKEND, weight: 1 }],
        },
      ],
    });
    expect(withDefaults(resource('HTTPRoute', {})).spec).toEqual({
      rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }] }],
    });
    const listeners = [{ name: 'a', port: 443, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'b' }] } }];
    expect(withDefaults(resource('Gateway', { gatewayClassName: 'c', listeners })).spec).toEqual({
      gatewayClassName: 'c',
      listeners: [
        {
          ...listeners[0],
          tls: { mode: 'Terminate', certificateRefs: [{ group: '', kind: 'Secret', name: 'b' }] },
          allowedRoutes: { namespaces: { from: 'Same' } },
        },
      ],
    });
  });
});

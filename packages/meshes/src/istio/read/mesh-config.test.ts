import type { MeshSettingsItem } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { configMap } from '../../testing/resources.ts';
import { istioMesh } from '../index.ts';

const read = (mesh: string | object, name = 'istio-system/istio') => {
  const text = typeof mesh === 'string' ? mesh : JSON.stringify(mesh);
  return readResource(configMap(name, { mesh: text }));
};
const readResource = (resource: Resource) => {
  const fragment = istioMesh.read(resource);
  const fields = fragment?.residues.map(
    ({ severity, origin }) => `${severity} ${origin.field?.replace('data.mesh.', '')}`,
  );
  return { fragment, item: fragment?.items[0] as MeshSettingsItem | undefined, fields };
};

describe('MeshConfig', () => {
  it('is read from the ConfigMap istio of the root namespace and from no other', () => {
    expect(read('connectTimeout: 3s\n').item).toMatchObject({ kind: 'mesh-settings', connectTimeoutMs: 3000 });
    expect(read('connectTimeout: 3s\n', 'default/istio').fragment).toBeUndefined();
    expect(read('connectTimeout: 3s\n', 'istio-system/other').fragment).toBeUndefined();
    expect(readResource(configMap('istio-system/istio', { other: 'x' })).fragment).toEqual({ items: [], residues: [] });
  });

  it.each<[string, object, Partial<MeshSettingsItem>]>([
    [
      'outboundTrafficPolicy.mode',
      { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
      { unknownDestinations: 'refuse' },
    ],
    [
      'outboundTrafficPolicy.mode',
      { outboundTrafficPolicy: { mode: 'ALLOW_ANY' } },
      { unknownDestinations: 'pass-through' },
    ],
    ['connectTimeout', { connectTimeout: '1.5s' }, { connectTimeoutMs: 1500 }],
    ['accessLogFile', { accessLogFile: '/dev/stdout' }, { accessLog: { path: '/dev/stdout' } }],
    [
      'accessLogFormat',
      { accessLogFile: '/dev/stdout', accessLogFormat: '%PROTOCOL%\n' },
      { accessLog: { path: '/dev/stdout', text: '%PROTOCOL%\n' } },
    ],
    [
      'accessLogEncoding',
      { accessLogFile: '/dev/stdout', accessLogEncoding: 'JSON' },
      { accessLog: { path: '/dev/stdout', json: {} } },
    ],
    [
      'accessLogEncoding',
      { accessLogFile: '/dev/stdout', accessLogEncoding: 'JSON', accessLogFormat: '{"status":"%RESPONSE_CODE%"}' },
      { accessLog: { path: '/dev/stdout', json: { status: '%RESPONSE_CODE%' } } },
    ],
    [
      'defaultProviders',
      { defaultProviders: { tracing: ['a'], accessLogging: ['b'], metrics: ['prometheus'] } },
      { defaultProviders: { tracing: ['a'], accessLogging: ['b'] } },
    ],
    [
      'defaultConfig.tracing.sampling',
      { enableTracing: true, defaultConfig: { tracing: { sampling: 12.5 } } },
      { tracingSampledPercent: 12.5 },
    ],
    ['defaultServiceExportTo', { defaultServiceExportTo: ['.'] }, { defaultServiceExportTo: ['.'] }],
    [
      'defaultVirtualServiceExportTo',
      { defaultVirtualServiceExportTo: ['*'] },
      { defaultVirtualServiceExportTo: ['*'] },
    ],
    [
      'defaultDestinationRuleExportTo',
      { defaultDestinationRuleExportTo: ['a'] },
      { defaultDestinationRuleExportTo: ['a'] },
    ],
    ['pathNormalization.normalization', { pathNormalization: { normalization: 'DEFAULT' } }, {}],
    ['pathNormalization.normalization', { pathNormalization: { normalization: 'BASE' } }, {}],
    [
      'pathNormalization.normalization',
      { pathNormalization: { normalization: 'NONE' } },
      { pathNormalization: 'none' },
    ],
    [
      'pathNormalization.normalization',
      { pathNormalization: { normalization: 'MERGE_SLASHES' } },
      { pathNormalization: 'merge-slashes' },
    ],
    [
      'pathNormalization.normalization',
      { pathNormalization: { normalization: 'DECODE_AND_MERGE_SLASHES' } },
      { pathNormalization: 'decode-and-merge-slashes' },
    ],
    ['rootNamespace', { rootNamespace: 'istio-system', trustDomain: 'cluster.local' }, {}],
  ])('MeshConfig %s is read: %j', (_, mesh, expected) => {
    const { item, fields } = read(mesh);
    expect(fields).toEqual([]);
    const { origin, namespace, name, kind, ...settings } = item ?? {};
    expect(settings).toEqual({ providers: [], defaultProviders: { tracing: [], accessLogging: [] }, ...expected });
  });

  it.each<[string, object, object]>([
    [
      'envoyFileAccessLog',
      { path: '/dev/stdout', logFormat: { text: 'x\n' } },
      { kind: 'file', path: '/dev/stdout', text: 'x\n' },
    ],
    [
      'envoyFileAccessLog',
      { path: '/dev/stdout', logFormat: { labels: { a: '%PROTOCOL%' } } },
      { kind: 'file', path: '/dev/stdout', json: { a: '%PROTOCOL%' } },
    ],
    ['envoyFileAccessLog', {}, { kind: 'file', path: '/dev/stdout' }],
    [
      'envoyOtelAls',
      { service: 'otel.shop.svc.cluster.local', port: 4317, logName: 'n', logFormat: { labels: { a: 'b' } } },
      { kind: 'otlp-logs', host: 'otel.shop.svc.cluster.local', port: 4317, logName: 'n', json: { a: 'b' } },
    ],
    [
      'opentelemetry',
      { service: 'shop/otel.shop.svc.cluster.local', port: 4317 },
      { kind: 'otlp-traces', host: 'otel.shop.svc.cluster.local', port: 4317 },
    ],
    [
      'opentelemetry',
      { service: 'otel', port: 4318, http: { path: '/t' }, maxTagLength: 64 },
      { kind: 'otlp-traces', host: 'otel', port: 4318, path: '/t', maxTagLength: 64 },
    ],
    [
      'opentelemetry',
      { service: 'otel', port: 4318, http: {} },
      { kind: 'otlp-traces', host: 'otel', port: 4318, path: '/v1/traces' },
    ],
    [
      'zipkin',
      { service: 'zipkin', port: 9411, path: '/api' },
      { kind: 'zipkin', host: 'zipkin', port: 9411, path: '/api' },
    ],
    ['prometheus', {}, { kind: 'prometheus' }],
  ])('MeshConfig extensionProviders.%s is read: %j', (kind, provider, expected) => {
    const { item, fields } = read({ extensionProviders: [{ name: 'p', [kind]: provider }] });
    expect(fields).toEqual([]);
    expect(item?.providers).toEqual([{ name: 'p', ...expected }]);
  });

  it.each<[object, string]>([
    [{ outboundTrafficPolicy: { mode: 'SOMETIMES' } }, 'invalid outboundTrafficPolicy.mode'],
    [{ accessLogFile: '/var/log/access.log' }, 'unsupported accessLogFile'],
    [{ accessLogEncoding: 'XML' }, 'invalid accessLogEncoding'],
    [{ pathNormalization: { normalization: 'SOME' } }, 'invalid pathNormalization.normalization'],
    [{ accessLogFile: '/dev/stdout', accessLogEncoding: 'JSON', accessLogFormat: 'x' }, 'invalid accessLogFormat'],
    [{ extensionProviders: [{ name: 'a', skywalking: {} }] }, 'unsupported extensionProviders[0].skywalking'],
    [{ extensionProviders: [{ zipkin: {} }] }, 'invalid extensionProviders[0].name'],
    [{ extensionProviders: [{ name: 'a', zipkin: { service: 'z' } }] }, 'invalid extensionProviders[0].zipkin.port'],
    [
      { extensionProviders: [{ name: 'a', opentelemetry: { service: 'z', port: 1, http: { headers: [{}] } } }] },
      'unsupported extensionProviders[0].opentelemetry.http.headers',
    ],
    [{ defaultProviders: { metrics: ['stackdriver'] } }, 'unsupported defaultProviders.metrics'],
    [{ defaultConfig: { tracing: { sampling: 101 } } }, 'invalid defaultConfig.tracing.sampling'],
    [{ defaultConfig: { tracing: { zipkin: { address: 'a:1' } } } }, 'unsupported defaultConfig.tracing.zipkin'],
    [
      { defaultConfig: { holdApplicationUntilProxyStarts: true } },
      'unsupported defaultConfig.holdApplicationUntilProxyStarts',
    ],
    [{ accessLogFile: '/dev/stdout', accessLogFormat: '100% %NONSENSE%' }, 'invalid accessLogFormat'],
    [
      { accessLogFile: '/dev/stdout', accessLogEncoding: 'JSON', accessLogFormat: '{"a":{"b":"%X"}}' },
      'invalid accessLogFormat',
    ],
    [
      { extensionProviders: [{ name: 'a', envoyFileAccessLog: { logFormat: { text: '%X%' } } }] },
      'invalid extensionProviders[0].envoyFileAccessLog.logFormat.text',
    ],
    [
      { extensionProviders: [{ name: 'a', envoyFileAccessLog: { logFormat: { labels: { a: '%X%' } } } }] },
      'invalid extensionProviders[0].envoyFileAccessLog.logFormat.labels',
    ],
    [
      { extensionProviders: [{ name: 'a', envoyFileAccessLog: { path: '/etc/passwd' } }] },
      'unsupported extensionProviders[0].envoyFileAccessLog.path',
    ],
    [{ trustDomain: 'other' }, 'unsupported trustDomain'],
    [{ defaultHttpRetryPolicy: { attempts: 3 } }, 'unsupported defaultHttpRetryPolicy'],
  ])('reports what is not enforced: %j', (mesh, field) => {
    expect(read(mesh).fields).toEqual([field]);
  });

  it('gives no settings of a text that is not YAML, and says so', () => {
    const { item, fragment } = read('accessLogFile: [');
    expect(item).toBeUndefined();
    expect(fragment?.residues).toMatchObject([{ severity: 'invalid', origin: { field: 'data.mesh' } }]);
    expect(read('just text').fragment?.residues).toMatchObject([
      { severity: 'invalid', origin: { field: 'data.mesh' } },
    ]);
  });
});

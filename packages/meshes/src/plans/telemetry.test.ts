import type { TelemetryPlan } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { TestMesh } from '../testing/mesh.ts';
import {
  age,
  destinationRule,
  gatewayProxy,
  meshConfig,
  service,
  sidecar,
  telemetry,
  workload,
} from '../testing/resources.ts';

const reviews = sidecar(workload('reviews-v1', { app: 'reviews' }, [{ port: 9080, protocol: 'TCP' }]));
const ratings = sidecar(workload('ratings-v1', { app: 'ratings' }, [{ port: 9080, protocol: 'TCP' }]));
const otel = service('istio-system/otel', [
  { name: 'grpc', port: 4317 },
  { name: 'http', port: 4318 },
]);
const OTEL = 'otel.istio-system.svc.cluster.local';
const settings = (more: object = {}) =>
  meshConfig({
    extensionProviders: [
      { name: 'otel', opentelemetry: { service: OTEL, port: 4317 } },
      {
        name: 'otel-http',
        opentelemetry: { service: OTEL, port: 4318, http: { path: '/v1/traces' }, maxTagLength: 9 },
      },
      { name: 'zipkin', zipkin: { service: OTEL, port: 4318 } },
      { name: 'lines', envoyFileAccessLog: { path: '/dev/stdout', logFormat: { text: 'x\n' } } },
      { name: 'als', envoyOtelAls: { service: OTEL, port: 4317 } },
      { name: 'gone', opentelemetry: { service: 'gone.example.com', port: 4317 } },
    ],
    ...more,
  });
const logging = (...names: readonly string[]) => ({ providers: names.map((name) => ({ name })) });
const tracing = (name: string, more: object = {}) => ({ tracing: [{ providers: [{ name }], ...more }] });

function mesh(...resources: readonly Resource[]): TestMesh {
  const made = new TestMesh(otel, ...resources);
  for (const proxy of [reviews, ratings]) made.model.setProxy(proxy);
  return made;
}
const client = (made: TestMesh, proxy = reviews): TelemetryPlan | undefined =>
  made.model.outbound(made.model.scopeOf(proxy.id)).telemetry;
const server = (made: TestMesh, proxy = reviews): TelemetryPlan | undefined =>
  made.model.inbound(proxy.id)[0]?.telemetry;
const logs = (plan: TelemetryPlan | undefined) =>
  (plan?.accessLogs ?? []).map(({ sink, filter }) => [sink.kind === 'file' ? sink.path : sink.cluster, filter ?? '']);

describe('000-34 access logs', () => {
  it('are written where MeshConfig accessLogFile says, on both sides, and nowhere without', () => {
    expect(client(mesh())).toBeUndefined();
    const made = mesh(settings({ accessLogFile: '/dev/stdout' }));
    expect(client(made)?.accessLogs).toMatchObject([{ sink: { kind: 'file', path: '/dev/stdout' } }]);
    expect(client(made)?.accessLogs[0]).not.toHaveProperty('format');
    expect(logs(server(made))).toEqual([['/dev/stdout', '']]);
    const json = mesh(settings({ accessLogFile: '/dev/stdout', accessLogEncoding: 'JSON' }));
    expect(client(json)?.accessLogs[0]?.format).toEqual({ json: {} });
  });

  it('Telemetry accessLogging.providers: the built-in one is there, and narrower resources replace wider ones', () => {
    const root = telemetry('istio-system/mesh', { accessLogging: [logging('envoy')] });
    const namespace = telemetry('ns', { accessLogging: [logging('lines')] });
    const own = telemetry('own', { selector: { matchLabels: { app: 'reviews' } }, accessLogging: [logging('als')] });
    expect(logs(client(mesh(root)))).toEqual([['/dev/stdout', '']]);
    expect(client(mesh(settings(), root, namespace))?.accessLogs).toMatchObject([{ format: { text: 'x\n' } }]);
    const all = mesh(settings(), root, namespace, own);
    expect(logs(client(all))).toEqual([[`outbound|4317||${OTEL}`, '']]);
    expect(client(all, ratings)?.accessLogs).toMatchObject([{ format: { text: 'x\n' } }]);
    expect(all.model.scopeOf(reviews.id)).not.toBe(all.model.scopeOf(ratings.id));
  });

  it('Telemetry accessLogging.disabled and match.mode switch one side off', () => {
    const root = telemetry('istio-system/mesh', { accessLogging: [logging('envoy')] });
    const off = telemetry('off', { accessLogging: [{ match: { mode: 'CLIENT' }, disabled: true }] });
    const made = mesh(root, off);
    expect(logs(client(made))).toEqual([]);
    expect(logs(server(made))).toEqual([['/dev/stdout', '']]);
  });

  it('Telemetry accessLogging.filter narrows what is written, inherited provider and all', () => {
    const errors = telemetry('errors', { accessLogging: [{ filter: { expression: 'response.code >= 500' } }] });
    const made = mesh(settings({ defaultProviders: { accessLogging: ['envoy'] } }), errors);
    expect(logs(client(made))).toEqual([['/dev/stdout', 'response.code >= 500']]);
  });

  it('the oldest of several for one namespace holds, and the other is reported', () => {
    const first = telemetry('b', { accessLogging: [logging('envoy')] }, age(1));
    const second = telemetry('a', { accessLogging: [{ disabled: true }] }, age(2));
    const made = mesh(first, second);
    expect(logs(client(made))).toEqual([['/dev/stdout', '']]);
    expect(made.remarks(second)).toEqual(['invalid: has no effect: the older b holds for all workloads of default']);
  });

  it('providers that are not there, or are for something else, are reported', () => {
    const odd = telemetry('odd', { accessLogging: [logging('nobody', 'zipkin')], tracing: [logging('envoy')] });
    const made = mesh(settings(), odd);
    expect(client(made)).toBeUndefined();
    expect(made.remarks(odd)).toEqual([
      'invalid: spec.accessLogging[0]: there is no provider nobody (MeshConfig extensionProviders)',
      'invalid: spec.accessLogging[0]: zipkin is no provider of this (MeshConfig extensionProviders)',
      'invalid: spec.tracing[0]: envoy is no provider of this (MeshConfig extensionProviders)',
    ]);
  });
});

describe('000-34 tracing', () => {
  it.each([
    ['otel', { kind: 'otlp-grpc', cluster: `outbound|4317||${OTEL}` }],
    ['otel-http', { kind: 'otlp-http', cluster: `outbound|4318||${OTEL}`, path: '/v1/traces' }],
    ['zipkin', { kind: 'zipkin', cluster: `outbound|4318||${OTEL}` }],
  ])('Telemetry tracing.providers %s reports to its collector', (name, collector) => {
    const made = mesh(settings(), telemetry('t', tracing(name)));
    expect(client(made)?.tracing?.collector).toEqual(collector);
    expect(server(made)?.tracing?.collector).toEqual(collector);
    expect(client(made)?.tracing?.maxTagLength).toBe(name === 'otel-http' ? 9 : undefined);
  });

  it('Telemetry tracing.randomSamplingPercentage wins over MeshConfig, which wins over one per cent', () => {
    const sampled = (...resources: readonly Resource[]) => client(mesh(...resources))?.tracing?.sampledPercent;
    const mine = { defaultProviders: { tracing: ['otel'] } };
    expect(sampled(settings(mine))).toBe(1);
    expect(sampled(settings({ ...mine, defaultConfig: { tracing: { sampling: 25 } } }))).toBe(25);
    const all = telemetry('t', { tracing: [{ randomSamplingPercentage: 100 }] });
    expect(sampled(settings({ ...mine, defaultConfig: { tracing: { sampling: 25 } } }), all)).toBe(100);
    const none = telemetry('t', { tracing: [{ randomSamplingPercentage: 0 }] });
    expect(sampled(settings(mine), none)).toBe(0);
  });

  it('Telemetry tracing.customTags and disableSpanReporting hold for the side they are for', () => {
    const tags = { customTags: { team: { literal: { value: 'a' } } }, match: { mode: 'SERVER' } };
    const made = mesh(settings(), telemetry('t', { tracing: [{ providers: [{ name: 'otel' }], ...tags }] }));
    expect(server(made)?.tracing?.tags).toEqual([{ name: 'team', literal: 'a' }]);
    expect(client(made)?.tracing?.tags).toEqual([]);
    const off = {
      tracing: [{ providers: [{ name: 'otel' }] }, { match: { mode: 'CLIENT' }, disableSpanReporting: true }],
    };
    const half = mesh(settings(), telemetry('t', off));
    expect(client(half)?.tracing).toBeUndefined();
    expect(server(half)?.tracing).toBeDefined();
  });

  it('a collector that no service is, or that speaks no gRPC where it must, is reported', () => {
    const made = mesh(
      settings({
        extensionProviders: [
          { name: 'gone', opentelemetry: { service: 'gone.example.com', port: 4317 } },
          { name: 'plain', opentelemetry: { service: OTEL, port: 4318 } },
        ],
      }),
      telemetry('t', tracing('gone')),
    );
    expect(client(made)).toBeUndefined();
    expect(made.remarks(settings())).toEqual([
      'invalid: data.mesh.extensionProviders: gone: no service gone.example.com has a port 4317; nothing is reported there',
      `invalid: data.mesh.extensionProviders: plain: port 4318 of ${OTEL} declares no gRPC (name it grpc or grpc-…), by which reports are sent`,
    ]);
  });

  it('a proxy has the cluster of its collector even when a Sidecar hides the service, once', () => {
    const narrow = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata: { namespace: 'default', name: 'narrow' },
      spec: { egress: [{ hosts: ['./*'] }] },
    };
    for (const resources of [[], [narrow]]) {
      const made = mesh(
        settings(),
        telemetry('t', tracing('otel')),
        destinationRule('istio-system/otel', { host: OTEL }),
        ...resources,
      );
      const { clusters, endpoints } = made.model.outbound(made.model.scopeOf(reviews.id));
      const name = `outbound|4317||${OTEL}`;
      expect(clusters.filter((cluster) => cluster.name === name)).toHaveLength(1);
      expect(endpoints.filter(({ cluster }) => cluster === name)).toHaveLength(1);
    }
  });

  it('gateways report as clients', () => {
    const made = mesh(
      settings(),
      telemetry('istio-system/t', { tracing: [{ match: { mode: 'CLIENT' }, ...logging('otel') }] }),
    );
    const proxy = gatewayProxy('istio-system', { istio: 'ingressgateway' });
    made.model.setProxy(proxy);
    expect(made.model.gateway(proxy.id).telemetry?.tracing?.collector?.cluster).toBe(`outbound|4317||${OTEL}`);
    expect(
      made.model.outbound(made.model.scopeOf(proxy.id)).clusters.some(({ name }) => name === `outbound|4317||${OTEL}`),
    ).toBe(true);
  });
});

import type { AccessLog, TelemetryPlan, Tracing } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CollectedSpan, Collector } from '../testing/collector.ts';
import { ENVOY } from './testing/envoy.ts';
import { type Answer, callThrough, echoOf, eventually } from './testing/http.ts';
import {
  clusterName,
  clusterPlan,
  endpointPlan,
  forwardRoute,
  inboundPort,
  origin,
  virtualHostPlan,
} from './testing/plans.ts';
import { type Pod, TestMesh } from './testing/test-mesh.ts';

const SUBNET = 82;
const PORT = 9080;
const WEB = clusterName('web', PORT);
const GRPC = clusterName('otel', 4317);
const HTTP = clusterName('otel', 4318);

const log = (more: Partial<AccessLog> = {}): TelemetryPlan => ({
  accessLogs: [{ sink: { kind: 'file', path: '/dev/stdout' }, origin: origin('Telemetry'), ...more }],
});
const spans = (collector: NonNullable<Tracing['collector']>, more: Partial<Tracing> = {}): TelemetryPlan => ({
  accessLogs: [],
  tracing: { collector, sampledPercent: 100, tags: [], origin: origin('Telemetry'), ...more },
});

describe.skipIf(ENVOY === undefined)('what proxies report (000-37, 004-11)', () => {
  let mesh: TestMesh;
  let collector: Collector;
  let client: Pod;
  let server: Pod;

  const report = async (outbound: TelemetryPlan | undefined, inbound: TelemetryPlan | undefined) => {
    const [workload] = server.proxy.workloads;
    if (workload === undefined) throw new Error('no workload');
    const ports = [inboundPort(PORT)];
    mesh.model.inbounds.set(server.proxy.id, [
      { workload, ports, ...(inbound === undefined ? {} : { telemetry: inbound }) },
    ]);
    const { telemetry: _, ...rest } = mesh.outbound;
    mesh.model.outbounds.set('default', { ...rest, ...(outbound === undefined ? {} : { telemetry: outbound }) });
    mesh.controlPlane.publish();
    for (const pod of [client, server]) await mesh.synced(pod.proxy.id, pod.envoy);
    // Connections of the listeners before are cut when their time to drain is over, whatever is on its way in them.
    for (const { envoy } of [client, server]) {
      for (const what of ['total_filter_chains_draining', 'total_listeners_draining']) {
        await eventually(async () => expect(await envoy.stat(`listener_manager.${what}`)).toBe(0));
      }
    }
  };
  const get = async (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> => {
    const answer = await callThrough(client.podIp, `http://web:${PORT}${path}`, { headers });
    expect(answer.status).toBe(200);
    return answer;
  };
  const linesOf = (pod: Pod, part: string) =>
    pod.envoy
      .output()
      .split('\n')
      .filter((line) => line.includes(part));
  /** Connections that are open when listeners change are drained: requests are repeated until they come by new ones. */
  const repeatedly = <Value>(attempt: (path: string) => Promise<Value>, path: string): Promise<Value> => {
    let count = 0;
    return eventually(() => attempt(`${path}/${count++}`), 20_000);
  };
  /** The spans of one request of which both proxies have reported theirs, as soon as there is one. */
  const trace = (path: string, by: string, headers: Readonly<Record<string, string>> = {}) =>
    repeatedly(async (own) => {
      await get(own, headers);
      const of = ({ tags }: CollectedSpan) => new URL(tags['http.url'] ?? 'http://none').pathname;
      const mine = collector.spans.filter((span) => span.by === by && of(span).startsWith(`${path}/`));
      const pair = mine
        .map((span) => mine.filter((other) => of(other) === of(span)))
        .find(({ length }) => length === 2);
      expect(pair, JSON.stringify(mine)).toBeDefined();
      return pair ?? [];
    }, path);

  beforeAll(async () => {
    [mesh, collector] = await Promise.all([TestMesh.start(SUBNET), Collector.start(`127.${SUBNET}.9.9`)]);
    server = await mesh.addPod({
      name: 'web',
      ports: [inboundPort(PORT)],
      environment: { OTEL_RESOURCE_ATTRIBUTES: 'service.name=web.default' },
    });
    client = await mesh.addPod({
      name: 'client',
      ports: [],
      environment: { OTEL_RESOURCE_ATTRIBUTES: 'service.name=client.default' },
    });
    mesh.setOutbound({
      httpPorts: [{ port: PORT, virtualHosts: [virtualHostPlan('web', PORT, [forwardRoute([WEB, 1])])] }],
      clusters: [
        clusterPlan('web', PORT),
        clusterPlan('otel', 4317, { protocol: 'grpc', tls: { mode: 'plain' } }),
        clusterPlan('otel', 4318, { tls: { mode: 'plain' } }),
      ],
      endpoints: [
        { cluster: WEB, endpoints: [endpointPlan(server.podIp, PORT)] },
        { cluster: GRPC, endpoints: [endpointPlan(`127.${SUBNET}.9.9`, collector.grpcPort, { mutualTls: false })] },
        { cluster: HTTP, endpoints: [endpointPlan(`127.${SUBNET}.9.9`, collector.httpPort, { mutualTls: false })] },
      ],
    });
    await report(undefined, undefined);
  });
  afterAll(async () => {
    collector?.close();
    await mesh?.stop();
    expect(mesh?.rejections).toEqual([]);
  });

  test('access logs have Istio’s default text, on both sides', async () => {
    await report(log(), log());
    const id = (await get('/default?x=1')).headers['x-request-id'];
    for (const pod of [client, server]) {
      const [line = ''] = await eventually(async () => {
        const lines = linesOf(pod, '/default');
        expect(lines).toHaveLength(1);
        return lines;
      });
      expect(line).toMatch(
        /^\[\d{4}-\d\d-\d\dT[\d:.]+Z\] "GET \/default\?x=1 HTTP\/1\.1" 200 - via_upstream - "-" 0 \d+ \d+ \d+ "/,
      );
      expect(line).toContain(`"web:${PORT}"`);
      if (id !== undefined) expect(line).toContain(id);
    }
    expect(linesOf(client, '/default')[0]).toContain(` ${WEB} `);
    expect(linesOf(server, '/default')[0]).toContain(` inbound|${PORT}|| `);
  });

  test('JSON logs have Istio’s names, or the fields that are asked for', async () => {
    await report(
      log({ format: { json: {} } }),
      log({ format: { json: { code: '%RESPONSE_CODE%', nested: { path: '%REQ(:PATH)%' } } } }),
    );
    await repeatedly(async (path) => {
      await get(path);
      const [outer = [], inner = []] = [client, server].map((pod) => linesOf(pod, '/json/').flatMap(parsed));
      const shown = outer.find((entry) => inner.some((other) => nested(other) === entry['path']));
      expect(shown).toMatchObject({ response_code: 200, upstream_cluster: WEB, authority: `web:${PORT}` });
      expect(inner.find((entry) => nested(entry) === shown?.['path'])).toMatchObject({ code: 200 });
    }, '/json');
  });

  test('Telemetry accessLogging.filter.expression leaves out what it is false of, and a text format is a line of its own', async () => {
    const filter = 'request.url_path == "/kept" && response.code == 200';
    await report(log({ filter, format: { text: 'LINE %REQ(:PATH)%' } }), undefined);
    await get('/left-out');
    await get('/kept');
    await eventually(async () => expect(linesOf(client, 'LINE')).toEqual(['LINE /kept']));
  });

  // What the reader of Telemetry takes (packages/meshes/src/testing/cel-expressions.ts) the proxy must take, too.
  test.each([
    'response.code >= 400',
    'response.code == 200 && request.url_path.startsWith("/reviews/") || !connection.mtls',
    "request.headers['x-user'] in ['a', \"b\"]",
    'has(request.referer) && size(request.path) > 3',
    '-response.code + 2 * 3 % 4 / 1 < 0 ? true : false',
    "xds.cluster_name.matches('^outbound.*$') && matches(request.path, '^/')",
    'request.time.getHours() > 3 && request.duration > duration("1s")',
    "{'a': 1}['a'] == 1",
    '(((response.code))) != 0x10',
    "request.path.contains('a') && request.path.endsWith('b') && request.path.size() > 1",
    "int('1') == 1 && uint(1) == 1u && double(1) == 1.0",
    "timestamp('2026-01-01T00:00:00Z') < request.time && type(response.code) == type(1) && dyn(1) == 1",
    'request.time.getFullYear() > 1 && request.time.getMonth() > 1 && request.time.getDate() > 1 && request.time.getDayOfMonth() > 1',
    'request.time.getDayOfWeek() > 1 && request.time.getDayOfYear() > 1 && request.time.getMinutes() > 1',
    'request.time.getSeconds("UTC") > 1 && request.time.getMilliseconds() > 1',
  ])('a proxy takes the filter %s', async (filter) => {
    const before = mesh.rejections.length;
    await report(log({ filter }), undefined);
    expect(mesh.rejections.slice(before)).toEqual([]);
  });

  test('Telemetry accessLogging.providers.name: access logs go to a collector by OTLP', async () => {
    const sink = { kind: 'otlp', cluster: GRPC, logName: 'mesh' } as const;
    await report(log({ sink, format: { text: '%REQ(:PATH)%', json: { status: '%RESPONSE_CODE%' } } }), undefined);
    await get('/by-otlp');
    await eventually(async () => {
      expect(collector.logs.find(({ body }) => body === '/by-otlp')?.attributes).toMatchObject({ status: '200' });
    });
  });

  test.each([
    ['otlp-grpc', { kind: 'otlp-grpc', cluster: GRPC }],
    ['otlp-http', { kind: 'otlp-http', cluster: HTTP, path: '/v1/traces' }],
    ['zipkin', { kind: 'zipkin', cluster: HTTP }],
  ] as const)(
    'Telemetry tracing.providers.name and customTags: spans of both proxies are one trace, by %s, each under its own name',
    async (by, to) => {
      const plan = spans(to, {
        tags: [
          { name: 'team', literal: 'red' },
          { name: 'user', header: 'x-user', defaultValue: 'nobody' },
          { name: 'home', environment: 'MESHWISE_UNSET', defaultValue: 'none' },
        ],
      });
      await report(plan, plan);
      const found = await trace(`/${by}`, by, { 'x-user': 'jane' });
      expect(new Set(found.map(({ traceId }) => traceId)).size).toBe(1);
      expect(found.map(({ service }) => service).sort()).toEqual(['client.default', 'web.default']);
      const inner = found.find(({ service }) => service === 'web.default');
      const outer = found.find(({ service }) => service === 'client.default');
      expect(inner?.parentId).toBe(outer?.spanId);
      expect(inner?.tags).toMatchObject({ team: 'red', user: 'jane', home: 'none', 'http.status_code': '200' });
    },
  );

  const TRACE = '463ac35c9f6413ad48485a3953bb6124';
  test.each([
    ['W3C headers', 'otlp-grpc', GRPC, { traceparent: `00-${TRACE}-b7ad6b7169203331-01` }],
    ['B3 headers', 'zipkin', HTTP, { 'x-b3-traceid': TRACE, 'x-b3-spanid': 'a2fb4a1d1a96d312', 'x-b3-sampled': '1' }],
    ['one B3 header', 'zipkin', HTTP, { b3: `${TRACE}-a2fb4a1d1a96d312-1` }],
  ] as const)(
    'a trace that begins outside with %s is continued, and the program hears of it',
    async (name, kind, cluster, headers) => {
      const plan = spans({ kind, cluster });
      await report(plan, plan);
      const path = `/${name.replaceAll(' ', '-').toLowerCase()}`;
      for (const span of await trace(path, kind, headers)) expect(span.traceId).toBe(TRACE);
      const echoed = echoOf(await get(`${path}/echo`, headers));
      const context = String(echoed.headers['traceparent'] ?? echoed.headers['x-b3-traceid'] ?? echoed.headers['b3']);
      expect(context).toContain(TRACE);
    },
  );

  test('Telemetry tracing.randomSamplingPercentage: the share of requests that begin a trace is as asked for', async () => {
    const [share, requests] = [0.3, 300];
    await report(spans({ kind: 'otlp-grpc', cluster: GRPC }, { sampledPercent: 100 * share }), undefined);
    for (let index = 0; index < requests; index += 1) await get('/share');
    const isOne = ({ by, tags }: CollectedSpan) => by === 'otlp-grpc' && tags['http.url']?.endsWith('/share') === true;
    const count = () => collector.spans.filter(isOne).length;
    // 4.9 standard deviations: a binomial of this share leaves them once in a million times.
    const margin = 4.9 * Math.sqrt(requests * share * (1 - share));
    await eventually(async () => expect(count()).toBeGreaterThan(requests * share - margin), 15_000);
    expect(count()).toBeLessThan(requests * share + margin);
  });
});

type Entry = Readonly<Record<string, unknown>>;

/** Lines of other formats are those of connections that are drained. */
function parsed(line: string): Entry[] {
  return line.startsWith('{') ? [JSON.parse(line) as Entry] : [];
}

function nested(entry: Entry): unknown {
  return (entry['nested'] as Entry | undefined)?.['path'];
}

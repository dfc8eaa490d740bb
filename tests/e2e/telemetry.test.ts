import { PATHS } from '@meshwise/api';
import { describe, expect, test } from 'vitest';
import { type CollectedSpan, otlpSpans } from '../../packages/xds/src/testing/collector.ts';
import { app } from './harness/app.ts';
import { bookinfoForAll, CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { eventually } from './harness/eventually.ts';
import { send } from './harness/http.ts';
import type { TestMesh } from './harness/mesh.ts';
import { readPage } from './harness/page.ts';

const COLLECTOR = 'collector.observe.svc.cluster.local';
const settings = {
  extensionProviders: [
    { name: 'collector', opentelemetry: { service: COLLECTOR, port: 8080, http: { path: '/v1/traces' } } },
  ],
};
const documents = (...resources: readonly unknown[]) => resources.map((one) => JSON.stringify(one)).join('\n---\n');

/** Lines of a family whose labels contain all of these, added up. */
async function total(mesh: TestMesh, family: string, ...labels: readonly string[]): Promise<number> {
  const { status, body } = await mesh.request('GET', PATHS.metrics);
  expect(status).toBe(200);
  const lines = body.split('\n').filter((line) => line.startsWith(`${family}{`));
  return lines
    .filter((line) => labels.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

describe.skipIf(!CAN_RUN_AS_ROOT)(
  'what BookInfo reports (000-37, 004-11) (needs Envoy, root and namespaces)',
  { timeout: 90_000 },
  () => {
    let mesh: TestMesh;

    bookinfoForAll((started) => {
      mesh = started;
    });

    const spans = async (): Promise<readonly CollectedSpan[]> => {
      const { body } = await send(mesh.gateway, { headers: { host: 'collector.test' } });
      const bodies = JSON.parse(body) as readonly string[];
      return bodies.flatMap((one) => otlpSpans(Buffer.from(one, 'base64'), 'otlp-http'));
    };

    test('spans of productpage, reviews and ratings share one trace', async () => {
      await mesh.apply(
        documents(
          { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'observe' } },
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: 'istio', namespace: 'istio-system' },
            data: { mesh: JSON.stringify(settings) },
          },
          {
            apiVersion: 'telemetry.istio.io/v1',
            kind: 'Telemetry',
            metadata: { name: 'mesh-default', namespace: 'istio-system' },
            spec: {
              tracing: [{ providers: [{ name: 'collector' }], randomSamplingPercentage: 100 }],
              accessLogging: [{ providers: [{ name: 'envoy' }], filter: { expression: 'response.code < 500' } }],
            },
          },
        ),
        app('collector', { namespace: 'observe', image: 'test/collector:1' }),
      );
      await eventually(async () => expect((await mesh.workload('collector', 'observe')).health).toBe('healthy'));
      const trace = await eventually(async () => {
        expect(await readPage(mesh)).toMatchObject({ status: 200 });
        const byTrace = Map.groupBy(await spans(), ({ traceId }) => traceId);
        const whole = [...byTrace.values()].find((all) => {
          const services = new Set(all.map(({ service }) => service));
          return ['productpage.default', 'reviews.default', 'ratings.default'].every((name) => services.has(name));
        });
        expect(whole).toBeDefined();
        return whole ?? [];
      }, 60_000);
      // Every span but the first is within another of its trace.
      const ids = new Set(trace.map(({ spanId }) => spanId));
      const ratings = trace.filter(({ service }) => service === 'ratings.default');
      for (const { parentId } of ratings) expect(ids).toContain(parentId);
    });

    test('access log lines appear where logs of the proxy are asked for (004-46)', async () => {
      const { name } = await mesh.pod('productpage-v1');
      await eventually(async () => {
        expect(await readPage(mesh)).toMatchObject({ status: 200 });
        const query = `namespace=default&pod=${name}&container=istio-proxy`;
        const { body } = await mesh.request('GET', `${PATHS.logs}?${query}`);
        expect(body).toMatch(/"GET \/productpage HTTP\/1\.1" 200 /);
        expect(body).toMatch(
          /"GET \/reviews\/0 HTTP\/1\.1" 200 .* outbound\|9080\|\|reviews\.default\.svc\.cluster\.local /,
        );
      });
    });

    test('istio_requests_total grows by what was sent, at the client and at the server (000-20, 001-46)', async () => {
      const names = [
        'response_code="200"',
        'destination_service_name="reviews"',
        'destination_service_namespace="default"',
      ];
      const count = async () => ({
        source: await total(
          mesh,
          'istio_requests_total',
          'reporter="source"',
          'source_workload="productpage-v1"',
          ...names,
        ),
        destination: await total(mesh, 'istio_requests_total', 'reporter="destination"', ...names),
      });
      // What is still on its way is counted when it ends.
      const before = await eventually(async () => {
        const [first, second] = [await count(), await count()];
        expect(second).toEqual(first);
        return second;
      });
      const pages = 25;
      for (let page = 0; page < pages; page += 1) expect(await readPage(mesh)).toMatchObject({ status: 200 });
      const after = { source: before.source + pages, destination: before.destination + pages };
      await eventually(async () => expect(await count()).toEqual(after));
      expect(await total(mesh, 'istio_request_duration_milliseconds_count', 'reporter="source"')).toBeGreaterThan(0);
    });

    test('the metrics survive the daemon, since they are the proxies’ own', async () => {
      const name = ['reporter="source"', 'destination_service_name="details"'];
      const before = await total(mesh, 'istio_requests_total', ...name);
      expect(before).toBeGreaterThan(0);
      await mesh.killDaemon();
      await mesh.startDaemon();
      await mesh.untilReady();
      expect(await total(mesh, 'istio_requests_total', ...name)).toBeGreaterThanOrEqual(before);
    });
  },
);

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InboundPlan, OutboundPlan, ProxyDescriptor } from '@meshwise/model';
import { parsePrometheus, type RunningProxy } from '@meshwise/platform';
import type { Resource } from '@meshwise/resources';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { meshMetrics } from './mesh-metrics.ts';

const HOST = 'reviews.default.svc.cluster.local';
const origin = { resource: { group: '', kind: 'Service', namespace: 'default', name: 'reviews' } };
const cluster = (name: string, protocol: 'http' | 'grpc' | 'tcp' = 'http') =>
  ({ name, host: HOST, port: 9080, protocol, tls: { mode: 'plain' }, origin }) as const;
const pod = (name: string, labels: Readonly<Record<string, string>>, workload?: string): Resource => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'default', name, labels },
  spec: {
    containers: [
      {
        name: 'istio-proxy',
        env: workload === undefined ? [] : [{ name: 'ISTIO_META_WORKLOAD_NAME', value: workload }],
      },
    ],
  },
});
const endpoint = (name: string) => ({
  address: '10.244.0.1',
  port: 9080,
  weight: 1,
  health: 'healthy' as const,
  mutualTls: true,
  workload: { namespace: 'default', pod: name, serviceAccount: 'a' },
});

let directory: string;
let servers: Server[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'meshwise-metrics-'));
  servers = [];
});
afterEach(async () => {
  for (const server of servers) server.close();
  await rm(directory, { recursive: true, force: true });
});

/** An administration interface that answers with these lines. */
async function proxy(name: string, lines: readonly string[]): Promise<RunningProxy> {
  const adminSocketPath = join(directory, name);
  const server = createServer((_, response) => response.end(lines.join('\n')));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(adminSocketPath, resolve));
  const descriptor: ProxyDescriptor = { id: name, role: 'sidecar', namespace: 'default', labels: {}, workloads: [] };
  const state = { process: 'running', pid: 1, restarts: 0, lastExit: undefined } as const;
  return { descriptor, pod: { namespace: 'default', name, uid: name }, adminSocketPath, state };
}

const pods = [
  pod('page-1', { app: 'page', version: 'v1' }, 'page-v1'),
  pod('reviews-1', { app: 'reviews', version: 'v1', 'service.istio.io/canonical-name': 'reviews' }, 'reviews-v1'),
  pod('reviews-2', { app: 'reviews', version: 'v2' }, 'reviews-v2'),
];

async function metrics(
  proxies: readonly RunningProxy[],
  outbound: Partial<OutboundPlan>,
  inbound: InboundPlan['ports'] = [],
) {
  const plan: OutboundPlan = {
    scope: '',
    httpPorts: [],
    tcpListeners: [],
    clusters: [],
    endpoints: [],
    dns: [],
    ...outbound,
  };
  const text = await meshMetrics({
    store: { list: async () => ({ items: pods, resourceVersion: '1' }) },
    model: { scopeOf: () => '', outbound: () => plan, inbound: () => [{ ports: inbound } as unknown as InboundPlan] },
    proxies: () => proxies,
  });
  return { text, samples: parsePrometheus(text) };
}

test('what a client’s proxy sent: workloads where they are known, unknown where they are several', async () => {
  const [all, v1] = [`outbound|9080||${HOST}`, `outbound|9080|v1|${HOST}`];
  const page = await proxy('page-1', [
    `envoy_cluster_upstream_rq{response_code="200",cluster_name="${all}"} 7`,
    `envoy_cluster_upstream_rq{response_code="503",cluster_name="${all}"} 2`,
    `envoy_cluster_upstream_rq{response_code="200",cluster_name="${v1}"} 3`,
  ]);
  const { samples } = await metrics([page], {
    clusters: [cluster(all), cluster(v1)],
    endpoints: [
      { cluster: all, endpoints: [endpoint('reviews-1'), endpoint('reviews-2')] },
      { cluster: v1, endpoints: [endpoint('reviews-1')] },
    ],
  });
  const source = {
    reporter: 'source',
    source_workload: 'page-v1',
    source_app: 'page',
    source_version: 'v1',
    pod: 'page-1',
  };
  const service = {
    destination_service: HOST,
    destination_service_name: 'reviews',
    destination_service_namespace: 'default',
  };
  expect(samples).toMatchObject([
    {
      name: 'istio_requests_total',
      value: 7,
      labels: {
        ...source,
        ...service,
        response_code: '200',
        destination_workload: 'unknown',
        destination_app: 'reviews',
        destination_version: 'unknown',
      },
    },
    { name: 'istio_requests_total', value: 2, labels: { response_code: '503' } },
    {
      name: 'istio_requests_total',
      value: 3,
      labels: {
        response_code: '200',
        destination_workload: 'reviews-v1',
        destination_version: 'v1',
        request_protocol: 'http',
        connection_security_policy: 'unknown',
      },
    },
  ]);
});

test('what a server’s proxy gave to its program, with the policy it enforces', async () => {
  const reviews = await proxy('reviews-1', [
    'envoy_cluster_upstream_rq{response_code="200",cluster_name="inbound|9080||"} 5',
  ]);
  const port = {
    port: 9080,
    protocol: 'grpc',
    mutualTls: 'strict',
    cluster: 'inbound|9080||',
    serviceHost: HOST,
    origin,
  } as const;
  const { samples } = await metrics([reviews], {}, [port]);
  expect(samples).toMatchObject([
    {
      name: 'istio_requests_total',
      value: 5,
      labels: {
        reporter: 'destination',
        source_workload: 'unknown',
        destination_workload: 'reviews-v1',
        destination_canonical_service: 'reviews',
        connection_security_policy: 'mutual_tls',
        request_protocol: 'grpc',
      },
    },
  ]);
});

test('durations are a histogram, and equal labels are added up rather than written twice', async () => {
  const names = [`outbound|9080||${HOST}`, `outbound|9081||${HOST}`];
  const page = await proxy(
    'page-1',
    names.flatMap((name, index) => [
      `envoy_cluster_upstream_rq_time_bucket{cluster_name="${name}",le="5"} ${index + 1}`,
      `envoy_cluster_upstream_rq_time_bucket{cluster_name="${name}",le="+Inf"} ${index + 2}`,
      `envoy_cluster_upstream_rq_time_sum{cluster_name="${name}"} 10.5`,
      `envoy_cluster_upstream_rq_time_count{cluster_name="${name}"} ${index + 2}`,
    ]),
  );
  const { text, samples } = await metrics([page], { clusters: names.map((name) => cluster(name)) });
  expect(samples.map(({ name, labels, value }) => [name, labels['le'], value])).toEqual([
    ['istio_request_duration_milliseconds_bucket', '5', 3],
    ['istio_request_duration_milliseconds_bucket', '+Inf', 5],
    ['istio_request_duration_milliseconds_sum', undefined, 21],
    ['istio_request_duration_milliseconds_count', undefined, 5],
  ]);
  expect(text).toContain('# TYPE istio_request_duration_milliseconds histogram\n');
});

test('bytes are counted from where they come and where they go', async () => {
  const name = `outbound|9080||${HOST}`;
  const page = await proxy('page-1', [
    `envoy_cluster_upstream_cx_total{cluster_name="${name}"} 4`,
    `envoy_cluster_upstream_cx_destroy{cluster_name="${name}"} 3`,
    `envoy_cluster_upstream_cx_tx_bytes_total{cluster_name="${name}"} 100`,
    `envoy_cluster_upstream_cx_rx_bytes_total{cluster_name="${name}"} 200`,
  ]);
  const { samples } = await metrics([page], { clusters: [cluster(name, 'tcp')] });
  expect(samples.map(({ name: family, value, labels }) => [family, value, labels['request_protocol']])).toEqual([
    ['istio_tcp_connections_closed_total', 3, 'tcp'],
    ['istio_tcp_connections_opened_total', 4, 'tcp'],
    ['istio_tcp_received_bytes_total', 100, 'tcp'],
    ['istio_tcp_sent_bytes_total', 200, 'tcp'],
  ]);
});

test('a proxy that does not answer is missing, and the others are there', async () => {
  const name = `outbound|9080||${HOST}`;
  const page = await proxy('page-1', [`envoy_cluster_upstream_rq{response_code="200",cluster_name="${name}"} 1`]);
  const gone = { ...page, adminSocketPath: join(directory, 'gone') };
  const { samples } = await metrics([gone, page], { clusters: [cluster(name)] });
  expect(samples).toHaveLength(1);
});

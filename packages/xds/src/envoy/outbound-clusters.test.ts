import type { ClusterPlan } from '@meshwise/model';
import { expect, test } from 'vitest';
import { outboundCluster } from './outbound-clusters.ts';
import { jsonOf, valuesOf } from './testing/json-of.ts';

const plan: ClusterPlan = {
  name: 'outbound|9080|v1|reviews.default.svc.cluster.local',
  host: 'reviews.default.svc.cluster.local',
  port: 9080,
  subset: 'v1',
  protocol: 'http',
  tls: { mode: 'plain' },
  origin: { resource: { group: '', kind: 'Service', namespace: 'default', name: 'reviews' } },
};
const tls = { subjectAltNames: ['spiffe://cluster.local/ns/default/sa/reviews'], serverName: 'reviews' };
const json = (changes: Partial<ClusterPlan> = {}) => jsonOf(outboundCluster({ ...plan, ...changes }));

test('a cluster gets its endpoints by EDS and limits nothing that the Plan does not limit', () => {
  const cluster = json();
  expect(cluster).toMatchObject({ name: plan.name, alt_stat_name: `${plan.name};`, type: 'EDS' });
  expect(valuesOf(cluster, 'max_requests')).toEqual([4_294_967_295]);
  expect(cluster).not.toHaveProperty('connect_timeout');
  expect(cluster).not.toHaveProperty('transport_socket');
  expect(cluster).not.toHaveProperty('typed_extension_protocol_options');
});

test('endpoints that the Plan calls unhealthy are not used in a panic either', () => {
  expect(json()['common_lb_config']).toEqual({ healthy_panic_threshold: {} });
});

test('HTTP/2 is spoken where the Plan says so, and offered in the handshake', () => {
  for (const protocol of ['http2', 'grpc'] as const) {
    const cluster = json({ protocol, tls: { mode: 'mutual', ...tls } });
    expect(valuesOf(cluster, 'http2_protocol_options')).toHaveLength(1);
    expect(valuesOf(cluster, 'alpn_protocols')).toEqual([['istio-http', 'istio', 'h2']]);
  }
});

test('mutual TLS names both ends of the version range, the server and whom to trust', () => {
  const cluster = json({ tls: { mode: 'mutual', ...tls } });
  expect(valuesOf(cluster, 'tls_params')).toEqual([
    { tls_minimum_protocol_version: 'TLSv1_2', tls_maximum_protocol_version: 'TLSv1_3' },
  ]);
  expect(valuesOf(cluster, 'sni')).toEqual(['reviews']);
  expect(valuesOf(cluster, 'match_typed_subject_alt_names')).toEqual([
    [{ san_type: 'URI', matcher: { exact: 'spiffe://cluster.local/ns/default/sa/reviews' } }],
  ]);
  expect(valuesOf(cluster, 'tls_certificate_sds_secret_configs')).toMatchObject([[{ name: 'default' }]]);
  expect(valuesOf(cluster, 'validation_context_sds_secret_config')).toMatchObject([{ name: 'ROOTCA' }]);
});

test('"auto" decides per endpoint, by whether a sidecar stands there', () => {
  expect(json({ tls: { mode: 'auto', ...tls } })).toMatchObject({
    transport_socket_matches: [
      { match: { tlsMode: 'istio' }, transport_socket: { name: 'envoy.transport_sockets.tls' } },
      { match: {}, transport_socket: { name: 'envoy.transport_sockets.raw_buffer' } },
    ],
  });
});

test('no known identity of the server is not the same as any', () => {
  const cluster = json({ tls: { mode: 'mutual', ...tls, subjectAltNames: [] } });
  expect(valuesOf(cluster, 'match_typed_subject_alt_names')).toEqual([
    [{ san_type: 'URI', matcher: { exact: 'spiffe:///' } }],
  ]);
});

test('what each setting of a connection pool limits, and what is unset does not (DestinationRule connectionPool)', () => {
  const cluster = json({
    connectTimeoutMs: 1500,
    connectionPool: {
      maxConnections: 1,
      maxPendingRequests: 2,
      maxRequests: 3,
      maxRetries: 4,
      maxRequestsPerConnection: 5,
      maxConnectionDurationMs: 6000,
      idleTimeoutMs: 7000,
      tcpKeepalive: { probes: 8, timeMs: 9999, intervalMs: 500 },
    },
  });
  expect(cluster).toMatchObject({
    connect_timeout: '1.500s',
    circuit_breakers: {
      thresholds: [{ max_connections: 1, max_pending_requests: 2, max_requests: 3, max_retries: 4 }],
    },
    upstream_connection_options: {
      tcp_keepalive: { keepalive_probes: 8, keepalive_time: 9, keepalive_interval: 1 },
    },
  });
  expect(valuesOf(cluster, 'common_http_protocol_options')).toEqual([
    { max_requests_per_connection: 5, max_connection_duration: '6s', idle_timeout: '7s' },
  ]);
});

test('keepalive without settings is that of the operating system, and an idle timeout of TCP holds for HTTP too', () => {
  const cluster = json({ connectionPool: { tcpKeepalive: {}, tcpIdleTimeoutMs: 0 } });
  expect(cluster).toMatchObject({ upstream_connection_options: { tcp_keepalive: {} } });
  expect(valuesOf(cluster, 'idle_timeout')).toEqual(['0s']);
});

test('a retry budget is a share of the active requests', () => {
  const cluster = json({ connectionPool: { retryBudget: { percent: 25, minConcurrency: 4, intervalMs: 10 } } });
  expect(valuesOf(cluster, 'retry_budget')).toEqual([
    { budget_percent: { value: 25 }, min_retry_concurrency: 4, budget_interval: '0.010s' },
  ]);
});

test('HTTP/2 can be asked for on any port, with its streams and pings, or left to the client', () => {
  const http2Keepalive = { intervalMs: 1000, timeoutMs: 500 };
  const upgraded = json({ connectionPool: { upgradesToHttp2: true, maxConcurrentStreams: 7, http2Keepalive } });
  expect(valuesOf(upgraded, 'explicit_http_config')).toEqual([
    {
      http2_protocol_options: {
        max_concurrent_streams: 7,
        connection_keepalive: { interval: '1s', timeout: '0.500s' },
      },
    },
  ]);
  for (const changes of [{ protocol: 'auto' as const }, { connectionPool: { usesClientProtocol: true } }]) {
    expect(valuesOf(json(changes), 'use_downstream_protocol_config')).toHaveLength(1);
  }
  const client = json({ connectionPool: { usesClientProtocol: true }, tls: { mode: 'mutual', ...tls } });
  expect(valuesOf(client, 'alpn_protocols')).toEqual([['istio-http', 'istio']]);
});

test('outlier detection counts what the Plan counts, and compares no endpoints with each other', () => {
  const cluster = json({
    outlierDetection: {
      consecutive5xxErrors: 0,
      consecutiveGatewayErrors: 3,
      splitExternalLocalOriginErrors: true,
      consecutiveLocalOriginFailures: 2,
      intervalMs: 1000,
      baseEjectionTimeMs: 2000,
      maxEjectionPercent: 100,
      minHealthPercent: 30,
    },
  });
  expect(cluster).toMatchObject({
    common_lb_config: { healthy_panic_threshold: { value: 30 } },
    outlier_detection: {
      consecutive_5xx: 0,
      enforcing_consecutive_5xx: 0,
      consecutive_gateway_failure: 3,
      enforcing_consecutive_gateway_failure: 100,
      split_external_local_origin_errors: true,
      consecutive_local_origin_failure: 2,
      enforcing_consecutive_local_origin_failure: 100,
      enforcing_success_rate: 0,
      enforcing_local_origin_success_rate: 0,
      interval: '1s',
      base_ejection_time: '2s',
      max_ejection_percent: 100,
    },
  });
  expect(json({ outlierDetection: {} })['outlier_detection']).toEqual({ enforcing_success_rate: 0 });
});

test.each([
  ['round-robin', 'ROUND_ROBIN'],
  ['least-request', 'LEAST_REQUEST'],
  ['random', 'RANDOM'],
  ['ring-hash', 'RING_HASH'],
  ['maglev', 'MAGLEV'],
] as const)('%s is %s', (loadBalancer, policy) => {
  expect(json({ loadBalancer })['lb_policy'] ?? 'ROUND_ROBIN').toBe(policy);
});

test('rings, tables and warm-up are those of the balancer that has them', () => {
  const warmup = { durationMs: 60_000, minimumPercent: 20, aggression: 2 };
  const slowStart = {
    slow_start_window: '60s',
    min_weight_percent: { value: 20 },
    aggression: { default_value: 2, runtime_key: 'upstream.slow_start.aggression' },
  };
  expect(json({ loadBalancer: 'ring-hash', ring: { minimumSize: 2048 } })).toMatchObject({
    ring_hash_lb_config: { minimum_ring_size: '2048' },
  });
  expect(json({ loadBalancer: 'maglev', ring: { tableSize: 65_537 } })).toMatchObject({
    maglev_lb_config: { table_size: '65537' },
  });
  expect(json({ loadBalancer: 'least-request', warmup })).toMatchObject({
    least_request_lb_config: { slow_start_config: slowStart },
  });
  expect(json({ loadBalancer: 'round-robin', warmup: { durationMs: 60_000 } })).toMatchObject({
    round_robin_lb_config: { slow_start_config: { slow_start_window: '60s' } },
  });
});

test('localities are weighed only where the Plan weighs them', () => {
  expect(json({ weighsLocalities: true })['common_lb_config']).toMatchObject({ locality_weighted_lb_config: {} });
});

test('the original destination is chosen by the connection, not by a balancer', () => {
  const cluster = json({ discovery: 'original-destination' });
  expect(cluster).toMatchObject({ type: 'ORIGINAL_DST', lb_policy: 'CLUSTER_PROVIDED' });
  expect(cluster).not.toHaveProperty('eds_cluster_config');
});

test('names are looked up by the proxy, and one name that stands for many is not asked for all of them', () => {
  const endpoint = { address: 'api.example.com', port: 443, weight: 1, health: 'healthy', mutualTls: false } as const;
  const strict = json({ discovery: 'strict-dns', inlineEndpoints: [endpoint, { ...endpoint, port: 8443 }] });
  expect(strict).toMatchObject({ type: 'STRICT_DNS', respect_dns_ttl: true });
  expect(valuesOf(strict, 'address')).toContainEqual({
    socket_address: { address: 'api.example.com', port_value: 443 },
  });
  expect(json({ discovery: 'logical-dns', inlineEndpoints: [endpoint] })).toMatchObject({ type: 'LOGICAL_DNS' });
  expect(json({ discovery: 'logical-dns', inlineEndpoints: [endpoint, endpoint] })).toMatchObject({
    type: 'STRICT_DNS',
  });
  expect(json({ discovery: 'dynamic-dns' })).toMatchObject({
    cluster_type: { name: 'envoy.clusters.dynamic_forward_proxy' },
    lb_policy: 'CLUSTER_PROVIDED',
  });
});

const custom = { mode: 'custom', presentsCertificate: false, subjectAltNames: [], verifiesServer: true } as const;

test('TLS without names asks for, and expects, the host of the request, by authorities of the system', () => {
  const cluster = json({ tls: custom });
  expect(valuesOf(cluster, 'upstream_http_protocol_options')).toEqual([{ auto_sni: true, auto_san_validation: true }]);
  expect(JSON.stringify(valuesOf(cluster, 'validation_context_sds_secret_config'))).toMatch(/file-root:\/etc/);
  expect(valuesOf(cluster, 'tls_certificate_sds_secret_configs')).toEqual([]);
});

test('TLS with names expects those, of any kind, and asks for the given one', () => {
  const credential = { kind: 'secret', namespace: 'default', name: 'db' } as const;
  const cluster = json({
    protocol: 'http2',
    tls: { ...custom, presentsCertificate: true, credential, subjectAltNames: ['db.example'], serverName: 'db.sni' },
  });
  expect(valuesOf(cluster, 'upstream_http_protocol_options')).toEqual([]);
  expect(valuesOf(cluster, 'sni')).toEqual(['db.sni']);
  expect(valuesOf(cluster, 'alpn_protocols')).toEqual([['h2']]);
  expect(valuesOf(cluster, 'tls_certificate_sds_secret_configs')).toMatchObject([[{ name: 'kubernetes://db' }]]);
  expect(valuesOf(cluster, 'validation_context_sds_secret_config')).toMatchObject([{ name: 'kubernetes://db-cacert' }]);
  const [names] = valuesOf(cluster, 'match_typed_subject_alt_names');
  expect(names).toContainEqual({ san_type: 'DNS', matcher: { exact: 'db.example' } });
  expect(names).toContainEqual({ san_type: 'URI', matcher: { exact: 'db.example' } });
});

test('TLS that verifies nobody names no authority', () => {
  const cluster = json({ tls: { ...custom, verifiesServer: false } });
  expect(valuesOf(cluster, 'validation_context_sds_secret_config')).toEqual([]);
  expect(valuesOf(cluster, 'upstream_http_protocol_options')).toEqual([{ auto_sni: true }]);
});

test('the PROXY protocol goes around whatever is spoken', () => {
  const name = 'envoy.transport_sockets.upstream_proxy_protocol';
  const plain = json({ proxyProtocol: 'v2' });
  expect(plain).toMatchObject({ transport_socket: { name, typed_config: { config: { version: 'V2' } } } });
  const auto = json({ proxyProtocol: 'v1', tls: { mode: 'auto', ...tls } });
  expect(auto).toMatchObject({
    transport_socket_matches: [{ transport_socket: { name } }, { transport_socket: { name } }],
  });
});

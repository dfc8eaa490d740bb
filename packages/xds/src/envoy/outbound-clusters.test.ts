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
    expect(valuesOf(cluster, 'alpn_protocols')).toEqual([['istio', 'h2']]);
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

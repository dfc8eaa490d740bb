import { fromJson, type JsonObject } from '@bufbuild/protobuf';
import type { ProxyDescriptor } from '@meshwise/model';
import { expect, test } from 'vitest';
import { BootstrapSchema } from '../../gen/envoy/config/bootstrap/v3/bootstrap_pb.js';
import { ApiConfigSource_ApiType } from '../../gen/envoy/config/core/v3/config_source_pb.js';
import { registry } from '../../gen/registry.js';
import { bootstrap } from './bootstrap.ts';
import { statName } from './stat-name.ts';
import { valuesOf } from './testing/json-of.ts';

const proxy: ProxyDescriptor = {
  id: 'sidecar~10.244.0.7~reviews.default~default.svc.cluster.local',
  role: 'sidecar',
  namespace: 'default',
  labels: { app: 'reviews' },
  identity: { trustDomain: 'cluster.local', namespace: 'default', serviceAccount: 'reviews' },
  workloads: [],
};
const paths = { adsSocketPath: '/run/ads.sock', adminSocketPath: '/run/admin.sock' };

test('is a bootstrap as Envoy knows it: own id, incremental ADS over the socket, administration on a socket', () => {
  // The resource monitor's type is not among those generated.
  const { overload_manager, ...rest } = bootstrap({ proxy, ...paths, token: 'secret' });
  expect(overload_manager).toBeDefined();
  const message = fromJson(BootstrapSchema, rest as JsonObject, { registry });
  expect(message.node).toMatchObject({ id: proxy.id, cluster: 'reviews.default' });
  expect(message.dynamicResources?.adsConfig?.apiType).toBe(ApiConfigSource_ApiType.DELTA_GRPC);
  expect(valuesOf(rest, 'pipe')).toEqual([{ path: '/run/admin.sock', mode: 0o600 }, { path: '/run/ads.sock' }]);
  expect(valuesOf(rest, 'initial_metadata')).toEqual([[{ key: 'authorization', value: 'Bearer secret' }]]);
});

test('a proxy without token sends none', () => {
  expect(valuesOf(bootstrap({ proxy, ...paths }), 'initial_metadata')).toEqual([]);
});

test('names of clusters and connection managers become labels of their metrics, whatever dots they hold', () => {
  const tags = valuesOf(bootstrap({ proxy, ...paths }), 'stats_tags')[0] as { tag_name: string; regex: string }[];
  const tagged = (tag: string, metric: string) => {
    const match = new RegExp(tags.find(({ tag_name }) => tag_name === tag)?.regex ?? '').exec(metric);
    return { value: match?.[2], rest: match === null ? metric : metric.replace(match[1] ?? '', '') };
  };
  const name = 'outbound|9080|v1|reviews.default.svc.cluster.local';
  expect(tagged('cluster_name', `cluster.${statName(name)}.ssl.handshake`)).toEqual({
    value: name,
    rest: 'cluster.ssl.handshake',
  });
  expect(tagged('http_conn_manager_prefix', 'http.outbound_0.0.0.0_9080.downstream_rq_total')).toEqual({
    value: 'outbound_0.0.0.0_9080',
    rest: 'http.downstream_rq_total',
  });
  expect(tagged('tcp_prefix', `tcp.${name}.downstream_cx_total`)).toEqual({
    value: name,
    rest: 'tcp.downstream_cx_total',
  });
  expect(tagged('response_code', 'cluster.upstream_rq_503').value).toBe('503');
  expect(tagged('response_code_class', 'cluster.upstream_rq_5xx').value).toBe('5xx');
});

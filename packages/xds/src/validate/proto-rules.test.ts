import { create } from '@bufbuild/protobuf';
import { expect, it } from 'vitest';
import { ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { FilterChainSchema } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { RouteSchema, VirtualHostSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { TcpProxySchema } from '../../gen/envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy_pb.js';
import { packed } from '../envoy/packing.ts';
import { ALL } from '../patch/testing/printed.ts';
import { brokenRules } from './proto-rules.ts';

const route = {
  match: { pathSpecifier: { case: 'prefix', value: '/' } },
  action: { case: 'nonForwardingAction', value: {} },
} as const;
const fieldsOf = (message: Parameters<typeof brokenRules>[0]) => brokenRules(message).map(({ field }) => field);

it('finds nothing wrong with what is printed', () => {
  for (const { message } of ALL) expect(brokenRules(message)).toEqual([]);
});

it.each([
  ['a text that is too short', create(ClusterSchema, {}), ['name']],
  [
    'a number out of range',
    create(ClusterSchema, { name: 'a', lbPolicy: 0, outlierDetection: { maxEjectionPercent: 101 } }),
    ['outlierDetection.maxEjectionPercent'],
  ],
  [
    'a duration out of range',
    create(ClusterSchema, { name: 'a', connectTimeout: { seconds: 0n, nanos: 0 } }),
    ['connectTimeout'],
  ],
  ['a list that is too short', create(VirtualHostSchema, { name: 'v' }), ['domains']],
  ['what is required and missing', create(RouteSchema, {}), ['action', 'match']],
  [
    'a header name that is none',
    create(RouteSchema, { ...route, requestHeadersToRemove: ['a\nb'] }),
    ['requestHeadersToRemove'],
  ],
  [
    'what is packed',
    create(FilterChainSchema, {
      filters: [{ name: 'f', configType: { case: 'typedConfig', value: packed(TcpProxySchema, {}) } }],
    }),
    ['filters[0].typedConfig.clusterSpecifier', 'filters[0].typedConfig.statPrefix'],
  ],
  [
    'a duration that is none',
    create(ClusterSchema, { name: 'a', cleanupInterval: { seconds: 1n, nanos: 2_000_000_000 } }),
    ['cleanupInterval'],
  ],
])('finds %s', (_, message, expected) => {
  expect(fieldsOf(message)).toEqual(expected);
});

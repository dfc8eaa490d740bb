import { create } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { FilterSchema } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { RouteSchema, VirtualHostSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { TcpProxySchema } from '../../gen/envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy_pb.js';
import { packed } from '../envoy/packing.ts';
import { merged } from './merge.ts';

describe('merging messages', () => {
  it('overwrites single fields that are set, and keeps the others', () => {
    const target = create(ClusterSchema, { name: 'a', altStatName: 'x' });
    const result = merged(ClusterSchema, target, create(ClusterSchema, { altStatName: 'y' }));
    expect(result).toMatchObject({ name: 'a', altStatName: 'y' });
    expect(target.altStatName).toBe('x');
  });

  it('merges messages in messages', () => {
    const thresholds = [{ maxRequests: 1 }];
    const target = create(ClusterSchema, { commonLbConfig: { healthyPanicThreshold: { value: 5 } } });
    const source = create(ClusterSchema, {
      commonLbConfig: { ignoreNewHostsUntilFirstHc: true },
      circuitBreakers: { thresholds },
    });
    const { commonLbConfig, circuitBreakers } = merged(ClusterSchema, target, source);
    expect(commonLbConfig).toMatchObject({ healthyPanicThreshold: { value: 5 }, ignoreNewHostsUntilFirstHc: true });
    expect(circuitBreakers?.thresholds).toMatchObject(thresholds);
  });

  it('appends lists, or replaces them when asked to', () => {
    const target = create(VirtualHostSchema, { domains: ['a'] });
    const source = create(VirtualHostSchema, { domains: ['b'] });
    expect(merged(VirtualHostSchema, target, source).domains).toEqual(['a', 'b']);
    expect(merged(VirtualHostSchema, target, source, { replacesLists: true }).domains).toEqual(['b']);
    expect(target.domains).toEqual(['a']);
  });

  it('overwrites maps key by key', () => {
    const [one, two, other] = ['1', '2', '3'].map((statPrefix) => packed(TcpProxySchema, { statPrefix }));
    if (one === undefined || two === undefined || other === undefined) throw new Error('unreachable');
    const target = create(RouteSchema, { typedPerFilterConfig: { a: one, b: two } });
    const { typedPerFilterConfig } = merged(
      RouteSchema,
      target,
      create(RouteSchema, { typedPerFilterConfig: { b: other } }),
    );
    expect(Object.keys(typedPerFilterConfig)).toEqual(['a', 'b']);
    expect(typedPerFilterConfig['b']).toBe(other);
  });

  it('takes durations and wrapped scalars as one value, zero and false too', () => {
    const target = create(ClusterSchema, {
      connectTimeout: { seconds: 5n, nanos: 500_000_000 },
      perConnectionBufferLimitBytes: 7,
    });
    const source = create(ClusterSchema, {
      connectTimeout: { seconds: 1n, nanos: 0 },
      perConnectionBufferLimitBytes: 0,
    });
    expect(merged(ClusterSchema, target, source)).toMatchObject({
      connectTimeout: { seconds: 1n, nanos: 0 },
      perConnectionBufferLimitBytes: 0,
    });
  });

  it('changes the branch of a oneof, and merges within the same one', () => {
    const target = create(RouteSchema, { action: { case: 'redirect', value: { hostRedirect: 'a' } } });
    const same = create(RouteSchema, { action: { case: 'redirect', value: { responseCode: 3 } } });
    expect(merged(RouteSchema, target, same).action).toMatchObject({ value: { hostRedirect: 'a', responseCode: 3 } });
    const other = create(RouteSchema, { action: { case: 'directResponse', value: { status: 418 } } });
    expect(merged(RouteSchema, target, other).action).toMatchObject({ case: 'directResponse', value: { status: 418 } });
  });

  it('merges what is packed when both are of one type, and replaces it otherwise', () => {
    const filterOf = (statPrefix: string, more: object = {}) =>
      create(FilterSchema, {
        configType: { case: 'typedConfig', value: packed(TcpProxySchema, { statPrefix, ...more }) },
      });
    const both = merged(FilterSchema, filterOf('x', { maxConnectAttempts: 3 }), filterOf('y'));
    const inner = both.configType.case === 'typedConfig' ? anyUnpack(both.configType.value, TcpProxySchema) : undefined;
    expect(inner).toMatchObject({ statPrefix: 'y', maxConnectAttempts: 3 });
    const other = create(FilterSchema, {
      configType: { case: 'typedConfig', value: packed(VirtualHostSchema, { name: 'v' }) },
    });
    expect(merged(FilterSchema, filterOf('x'), other).configType).toEqual(other.configType);
  });
});

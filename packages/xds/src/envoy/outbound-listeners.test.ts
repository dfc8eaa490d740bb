import type { HttpPortPlan } from '@meshwise/model';
import { describe, expect, it } from 'vitest';
import type { Listener } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { clusterName, forwardRoute, virtualHostPlan } from '../control-plane/testing/plans.ts';
import type { ListenerSetting } from './listener-setting.ts';
import { httpPortListener } from './outbound-listeners.ts';
import { NO_OUTSIDE } from './outside.ts';
import { addressedRoutes } from './route-configurations.ts';
import { unknownPolicy } from './unknown-destinations.ts';

const setting: ListenerSetting = {
  unknown: unknownPolicy({ unknownDestinations: 'refuse' }, NO_OUTSIDE),
  telemetry: undefined,
  outside: NO_OUTSIDE,
};
const host = (service: string) => virtualHostPlan(service, 80, [forwardRoute([clusterName(service, 80), 1])]);

function chainsOf(plan: HttpPortPlan): readonly (readonly string[])[] {
  const { message } = httpPortListener(plan, setting);
  return (message as Listener).filterChains.map(({ filterChainMatch }) =>
    (filterChainMatch?.prefixRanges ?? []).map(({ addressPrefix, prefixLen }) => `${addressPrefix}/${prefixLen}`),
  );
}

describe('the listener of a port of HTTP', () => {
  const plain: HttpPortPlan = { port: 80, virtualHosts: [host('a'), host('b')] };
  const addressed: HttpPortPlan = {
    ...plain,
    byAddress: [{ addresses: ['10.96.0.1', 'fd00::1'], virtualHost: host('a') }],
  };

  it('has one chain, and is the same whatever its routes say', () => {
    expect(chainsOf(plain)).toEqual([[]]);
    expect(httpPortListener({ ...plain, virtualHosts: [host('c')] }, setting)).toBe(httpPortListener(plain, setting));
  });

  it('has a chain before it for each service that is told by its address, whose routes hold for every host', () => {
    expect(chainsOf(addressed)).toEqual([['10.96.0.1/32', 'fd00::1/128'], []]);
    const [configuration, routes, ...more] = addressedRoutes(addressed);
    expect(configuration).toMatchObject({ type: 'RDS', name: 'a.default.svc.cluster.local:80' });
    expect(routes?.message).toMatchObject({ domains: ['*'] });
    expect(more).toEqual([]);
    expect(addressedRoutes(plain)).toEqual([]);
  });

  it('is printed once for the same addresses', () => {
    const again = { ...addressed, virtualHosts: [host('c')] };
    expect(httpPortListener(again, setting)).toBe(httpPortListener(addressed, setting));
    expect(httpPortListener(plain, setting)).not.toBe(httpPortListener(addressed, setting));
  });
});

import { create } from '@bufbuild/protobuf';
import type { HttpPortPlan } from '@meshwise/model';
import { TrafficDirection } from '../../gen/envoy/config/core/v3/base_pb.js';
import type { Filter } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { socketAddress } from './address.ts';
import { httpConnectionManager } from './http-connection-manager.ts';
import { type ListenerSetting, memoiseBySetting } from './listener-setting.ts';
import type { EnvoyResource } from './resource.ts';
import { routesOfPort } from './route-configurations.ts';
import { beforeUnknownHosts } from './unknown-destinations.ts';

export const ANY_ADDRESS = '0.0.0.0';

/** What reads the HTTP of a listener of this name. */
export function httpFilters(routes: string, listener: string, { unknown, telemetry }: ListenerSetting): Filter[] {
  const manager = httpConnectionManager({
    side: 'outbound',
    statPrefix: `outbound_${listener}`,
    routes: { rds: routes },
    telemetry,
  });
  return [...beforeUnknownHosts(unknown), manager];
}

const byPort = new Map<string, (setting: ListenerSetting) => EnvoyResource>();

/**
 * All HTTP services of one port; which one is meant, the Host header says. Only the port matters, not its routes.
 *
 * A listener without a socket: `virtualOutbound` hands captured connections over by their original destination. It names
 * no namespace and no proxy, so every proxy of a scope has the same one.
 */
export function httpPortListener(plan: HttpPortPlan, setting: ListenerSetting): EnvoyResource {
  const { port } = plan;
  const routes = routesOfPort(plan);
  const key = `${port} ${routes}`;
  const name = `${ANY_ADDRESS}_${port}`;
  const print =
    byPort.get(key) ??
    memoiseBySetting((given): EnvoyResource => {
      const message = create(ListenerSchema, {
        name,
        address: socketAddress(ANY_ADDRESS, port),
        bindToPort: false,
        filterChains: [{ filters: httpFilters(routes, name, given) }],
        trafficDirection: TrafficDirection.OUTBOUND,
      });
      return { type: 'LDS', name, message };
    });
  byPort.set(key, print);
  return print(setting);
}

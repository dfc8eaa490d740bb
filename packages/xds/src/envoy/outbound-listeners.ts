import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { HttpPortPlan } from '@meshwise/model';
import { TrafficDirection } from '../../gen/envoy/config/core/v3/base_pb.js';
import {
  type Filter,
  type FilterChain,
  type FilterChainMatchSchema,
  FilterChainSchema,
} from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { socketAddress } from './address.ts';
import { cidr } from './cidr.ts';
import { httpConnectionManager } from './http-connection-manager.ts';
import { type ListenerSetting, memoiseBySetting } from './listener-setting.ts';
import type { EnvoyResource } from './resource.ts';
import { routesOfPort } from './route-configurations.ts';
import { beforeUnknownHosts } from './unknown-destinations.ts';

export const ANY_ADDRESS = '0.0.0.0';

/** What reads the HTTP of a listener of this name. */
export function httpFilters(routes: string, listener: string, setting: ListenerSetting): Filter[] {
  const { unknown, telemetry, pathNormalization } = setting;
  const manager = httpConnectionManager({
    side: 'outbound',
    statPrefix: `outbound_${listener}`,
    routes: { rds: routes },
    telemetry,
    pathNormalization,
  });
  return [...beforeUnknownHosts(unknown), manager];
}

/**
 * Ways to the routes of single services, by the address that a connection was sent to; `match` is what else it has to be.
 * Envoy looks at the destination address before anything else, so these go before chains without one.
 */
export function addressedChains(
  plan: HttpPortPlan,
  listener: string,
  setting: ListenerSetting,
  match: MessageInitShape<typeof FilterChainMatchSchema> = {},
): FilterChain[] {
  return (plan.byAddress ?? []).map(({ addresses, virtualHost }) =>
    create(FilterChainSchema, {
      filterChainMatch: { ...match, prefixRanges: addresses.map(cidr) },
      filters: httpFilters(virtualHost.name, listener, setting),
    }),
  );
}

/** Addresses come and go; what is forgotten is printed again. */
const KEPT_LISTENERS = 1_024;
const byPort = new Map<string, (setting: ListenerSetting) => EnvoyResource>();

/**
 * All HTTP services of one port; which one is meant, the Host header says, or the address for the few that have chains of
 * their own. Only the port and those addresses matter, not the routes.
 *
 * A listener without a socket: `virtualOutbound` hands captured connections over by their original destination. It names
 * no namespace and no proxy, so every proxy of a scope has the same one.
 */
export function httpPortListener(plan: HttpPortPlan, setting: ListenerSetting): EnvoyResource {
  const { port } = plan;
  const routes = routesOfPort(plan);
  const addressed = (plan.byAddress ?? []).map(({ addresses, virtualHost }) => `${virtualHost.name}=${addresses}`);
  const key = [port, routes, ...addressed].join(' ');
  const name = `${ANY_ADDRESS}_${port}`;
  const print =
    byPort.get(key) ??
    memoiseBySetting((given): EnvoyResource => {
      const message = create(ListenerSchema, {
        name,
        address: socketAddress(ANY_ADDRESS, port),
        bindToPort: false,
        filterChains: [...addressedChains(plan, name, given), { filters: httpFilters(routes, name, given) }],
        trafficDirection: TrafficDirection.OUTBOUND,
      });
      return { type: 'LDS', name, message };
    });
  byPort.set(key, print);
  for (const oldest of byPort.keys()) if (byPort.size > KEPT_LISTENERS) byPort.delete(oldest);
  return print(setting);
}

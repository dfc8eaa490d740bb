import type { AttachedRouteItem } from '../model/attached-route.ts';
import { covers } from '../model/host-name.ts';
import type { ByteChainPlan, ByteSettings, WeightedCluster } from '../plan.ts';
import type { AttachedHere } from './attachments.ts';
import { byteSettingsOf } from './byte-settings.ts';
import { hostsOf } from './class-hosts.ts';
import type { ClassListener } from './class-listeners.ts';
import type { Destinations } from './destinations.ts';

/** For whom connections are resolved: a view of the proxy, and the Gateway they come to. */
export interface ByteScope {
  readonly view: string;
  /** `namespace/name`. */
  readonly gateway: string;
  readonly port: number;
}

/**
 * The ways through a listener whose connections are told apart by server name (TLSRoute `hostnames`): the oldest route
 * for a name has it. Names of the listener that no route takes lead nowhere, rather than to a wider listener.
 */
export function chainsByName(
  listener: ClassListener,
  here: readonly AttachedHere[],
  ofPort: readonly ClassListener[],
  scope: ByteScope,
  destinations: Destinations,
): readonly ByteChainPlan[] {
  return hostsOf(listener, here, ofPort).flatMap((host): readonly ByteChainPlan[] => {
    const route = here.find(({ hostnames }) => hostnames.includes(host))?.route;
    const serverNames = host === '*' ? [] : [host];
    if (route !== undefined) return [{ serverNames, ...bytesOf(route, scope, destinations) }];
    const isWithin = ofPort.some((other) => other !== listener && covers(other.hostname, host));
    return isWithin ? [{ serverNames, destinations: [], origin: listener.server.origin }] : [];
  });
}

/** Where a route sends all bytes: its first rule says it. */
export function bytesOf(
  route: AttachedRouteItem,
  { view, gateway, port }: ByteScope,
  destinations: Destinations,
): ByteSettings & { readonly destinations: readonly WeightedCluster[]; readonly origin: ByteChainPlan['origin'] } {
  const [rule] = route.byteRules;
  const resolved = (rule?.destinations ?? [])
    .filter(({ weight }) => weight > 0)
    .map(({ weight, ...destination }) => ({
      weight,
      ...destinations.resolve(route, destination, view, port, gateway),
    }));
  return {
    destinations: resolved.map(({ cluster, weight, refusesWith }) => ({
      cluster,
      weight,
      ...(refusesWith === undefined ? {} : { refusesWith }),
    })),
    ...byteSettingsOf(resolved[0]?.settings ?? {}),
    origin: rule?.origin ?? route.origin,
  };
}

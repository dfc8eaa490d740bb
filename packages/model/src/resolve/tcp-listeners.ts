import type { ServiceItem, ServicePort } from '../model/service.ts';
import type { ByteChainPlan, ByteSettings, HttpPortPlan, TcpListenerPlan } from '../plan.ts';
import { outboundCluster } from './names.ts';

/** Every address: connections that no other listener of the port takes. */
export const ANY_ADDRESS = '0.0.0.0';

/** A listener that gives what begins like HTTP to the routes of its port, when it `detects`. */
export type DetectingListener = TcpListenerPlan & { readonly detects?: boolean };

/**
 * Where one port of a service is reached that reads no HTTP, or not for certain. A virtual address says which service is
 * meant. Without one of its own, TLS is told apart by the server name, and plain bytes to the port can only mean this
 * service (Istio, ServiceEntry `addresses`: "the sidecar will behave as a simple TCP proxy").
 */
export function bytePortListeners(
  service: ServiceItem,
  port: ServicePort,
  key: string,
  settings: ByteSettings = {},
): readonly TcpListenerPlan[] {
  const destinations = [{ cluster: outboundCluster(port.port, undefined, key), weight: 100 }];
  const { origin } = port;
  const at = service.clusterIps.map(
    (address): TcpListenerPlan => ({ address, port: port.port, destinations, ...settings, origin }),
  );
  const { host, addressRanges } = service;
  if (host === undefined) return at;
  const serverNames = port.protocol === 'tls' ? { serverNames: [host] } : {};
  const ranges = addressRanges === undefined ? {} : { destinationCidrs: addressRanges };
  const own: ByteChainPlan = { ...serverNames, ...ranges, destinations, ...settings, origin };
  const anywhere: TcpListenerPlan = { address: ANY_ADDRESS, port: port.port, destinations: [], chains: [own], origin };
  if (addressRanges !== undefined) return [...at, anywhere];
  // An address that was chosen here is no promise that programs use it.
  if (at.length > 0 && service.wantsVirtualAddress !== true) return at;
  if (port.protocol === 'tls') return [...at, anywhere];
  return [...at, { address: ANY_ADDRESS, port: port.port, destinations, ...settings, origin }];
}

/**
 * One listener per socket. Chains of several services are put together; of several that would take everything, the
 * first does. Where services with HTTP share a port with others, what begins like HTTP goes to the routes of the port.
 */
export function joinListeners(
  all: readonly DetectingListener[],
  httpPorts: readonly HttpPortPlan[],
): readonly TcpListenerPlan[] {
  const routes = new Map(httpPorts.filter(({ bind }) => bind === undefined).map((plan) => [plan.port, plan]));
  const listeners = new Map<string, TcpListenerPlan>();
  for (const found of all) {
    const { detects, ...rest } = found;
    const listener: TcpListenerPlan = detects === undefined ? found : rest;
    const { address, port, destinations } = listener;
    const socket = `${address}_${port}`;
    const known = listeners.get(socket);
    const shared = address === ANY_ADDRESS ? routes.get(port) : undefined;
    // Declared HTTP keeps a port for itself where nothing tells other bytes apart.
    if (shared !== undefined && detects !== true && destinations.length > 0) continue;
    const detected = known?.detected ?? listener.detected ?? shared;
    if (known === undefined && detected === listener.detected) {
      listeners.set(socket, listener);
      continue;
    }
    listeners.set(socket, {
      ...(known ?? listener),
      destinations: known === undefined || known.destinations.length === 0 ? destinations : known.destinations,
      ...(detected === undefined ? {} : { detected }),
      ...joinChains(known, listener),
    });
  }
  return [...listeners.values()];
}

/** A proxy refuses two chains for one condition: the first holds. */
function joinChains(known: TcpListenerPlan | undefined, next: TcpListenerPlan): Pick<TcpListenerPlan, 'chains'> {
  const taken = new Set<string>();
  const chains = [...(known?.chains ?? []), ...(next.chains ?? [])].flatMap((chain): readonly ByteChainPlan[] => {
    const names = chain.serverNames ?? [''];
    const fresh = names.filter((name) => {
      const match = JSON.stringify([name, chain.destinationCidrs, chain.sourceCidrs]);
      return !taken.has(match) && taken.add(match) !== undefined;
    });
    if (fresh.length === names.length) return [chain];
    return fresh.length === 0 ? [] : [{ ...chain, serverNames: fresh }];
  });
  return chains.length === 0 ? {} : { chains };
}

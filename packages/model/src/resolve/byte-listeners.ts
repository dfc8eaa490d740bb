import type { ServicePort } from '../model/service.ts';
import type { ClusterPlan, TcpListenerPlan } from '../plan.ts';
import type { Query } from '../query/engine.ts';
import { type ByteRouting, byteRoutingOf } from './byte-rules.ts';
import { byteSettingsOf } from './byte-settings.ts';
import { tcpPorts } from './clusters.ts';
import type { ResolveContext } from './context.ts';
import type { DestinationPolicies } from './destination-policies.ts';
import type { Destinations } from './destinations.ts';
import { resolvingServerName } from './dynamic-names.ts';
import { clientOf } from './routing-candidates.ts';
import { isHttp } from './service-hosts.ts';
import { hostOfKey } from './service-key.ts';
import { ANY_ADDRESS, bytePortListeners } from './tcp-listeners.ts';
import { parseView } from './view.ts';
import type { VirtualHosts } from './virtual-hosts.ts';

export interface ByteListeners {
  /** `detects`: what begins like HTTP goes to the routes of the whole port. */
  readonly listeners: readonly (TcpListenerPlan & { readonly detects?: boolean })[];
  /** Clusters that rules name and that belong to no service. */
  readonly placeholders: readonly ClusterPlan[];
}

/**
 * The listeners for the ports of a service that are not known to carry HTTP. TLS is routed by the TLS rules of routings,
 * other bytes by their TCP rules: Istio looks for the one at `https` and `tls` ports only, for the other at all the rest.
 * Where no protocol is declared, what begins like HTTP goes to the service's own routes, whatever host it names. `view` is
 * the answer of `VirtualHosts.viewOf`.
 */
export function defineByteListeners(
  { engine, services }: ResolveContext,
  virtualHosts: VirtualHosts,
  policies: DestinationPolicies,
  destinations: Destinations,
): Query<[host: string, fromOwnNamespace: 0 | 1, view: string], ByteListeners> {
  const rulesAt = (key: string, { port, protocol }: ServicePort, viewText: string): ByteRouting => {
    const view = parseView(viewText);
    const owners = virtualHosts.contenders.bytes(key, port, clientOf(view));
    return byteRoutingOf(owners, protocol === 'tls' ? 'tls' : 'tcp', { port, gateway: 'mesh', view }, destinations);
  };

  const detect = (listener: TcpListenerPlan, key: string, fromOwnNamespace: 0 | 1, view: string) => {
    if (listener.address === ANY_ADDRESS) return { ...listener, detects: true };
    const { port } = listener;
    const found = virtualHosts.ofPort(key, port, fromOwnNamespace, view);
    if (found === undefined) return listener;
    const routeName = `${hostOfKey(key)}:${port}`;
    return { ...listener, detected: { port, routeName, virtualHosts: [found.virtualHost] } };
  };

  const resolving = (listener: TcpListenerPlan, { protocol }: ServicePort): TcpListenerPlan => {
    if (protocol !== 'tls' || listener.chains === undefined) return listener;
    const chains = listener.chains.map((chain) => ({ ...chain, ...resolvingServerName(services, chain.destinations) }));
    return { ...listener, chains };
  };

  return engine.query('byteListeners', (key: string, fromOwnNamespace: 0 | 1, view: string): ByteListeners => {
    const service = services.of(key);
    if (service === undefined) return { listeners: [], placeholders: [] };
    const ports = tcpPorts(service).filter(({ protocol }) => protocol === 'auto' || !isHttp(protocol));
    const made = ports.map((port) => {
      const rules = rulesAt(key, port, view);
      const settings = byteSettingsOf(policies.settingsOf(key, port.port, '', policies.viewOf(key, view)));
      const plain = bytePortListeners(service, port, key, settings).map((listener) =>
        resolving(withRules(listener, rules, port), port),
      );
      const listeners =
        port.protocol === 'auto' ? plain.map((listener) => detect(listener, key, fromOwnNamespace, view)) : plain;
      return { listeners, placeholders: rules.placeholders };
    });
    return {
      listeners: made.flatMap(({ listeners }) => listeners),
      placeholders: made.flatMap(({ placeholders }) => placeholders),
    };
  });
}

/** A listener, or its chain for the service where it has one, with rules in place of the plain way to the service. */
function withRules(listener: TcpListenerPlan, rules: ByteRouting, { protocol }: ServicePort): TcpListenerPlan {
  if (rules.chains.length === 0 && rules.rest === undefined) return listener;
  const [own] = listener.chains ?? [];
  const ranges = own?.destinationCidrs === undefined ? {} : { destinationCidrs: own.destinationCidrs };
  const chains = rules.chains.map((chain) => ({ ...ranges, ...chain }));
  // TLS rules name the servers that may be called; Istio lets no other name through.
  const plain = protocol === 'tls' ? [] : listener.destinations;
  const told = chains.length === 0 ? {} : { chains };
  if (own === undefined) return { ...listener, ...told, ...(rules.rest ?? { destinations: plain }) };
  if (rules.rest !== undefined) return { ...listener, chains: [...chains, { ...own, ...rules.rest }] };
  return { ...listener, chains: protocol === 'tls' ? chains : [...chains, own] };
}

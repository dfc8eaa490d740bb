import type { ItemOf } from '../model/fragment.ts';
import { covers, fullHost, isPattern } from '../model/host-name.ts';
import type { Query } from '../query/engine.ts';
import { tcpPorts } from './clusters.ts';
import type { ResolveContext } from './context.ts';
import type { Destinations } from './destinations.ts';
import { routesOf } from './routes.ts';
import { clientOf, type RoutingCandidates } from './routing-candidates.ts';
import { firstRoutes, type HostRoutes, isHttp } from './service-hosts.ts';
import { parseView } from './view.ts';

/** Where requests for hosts outside the registry are expected: names of the web. */
const WEB_PORT = 80;

/**
 * Hosts of routings that no service has, such as names of the outside world. As in Istio, sidecars route requests for
 * them on the ports of the services that the same routing is for, and on port 80. They join ports, and open none.
 */
export function defineOtherHosts(
  { engine, items, services, settings }: ResolveContext,
  { writtenFor, viewOf }: RoutingCandidates,
  destinations: Destinations,
): Query<[view: string], readonly HostRoutes[]> {
  const httpPortsOf = engine.query('httpPortsOfHost', (host: string, namespace: string): readonly number[] =>
    services
      .visibleKeys(host, namespace)
      .flatMap((key) => tcpPorts(services.of(key)))
      .filter(({ protocol }) => isHttp(protocol))
      .map(({ port }) => port),
  );
  /** Ports of the services that a host or pattern stands for. */
  const registered = (host: string, namespace: string): readonly number[] =>
    isPattern(host)
      ? services
          .hosts()
          .filter((known) => covers(host, known))
          .flatMap((known) => httpPortsOf(known, namespace))
      : httpPortsOf(host, namespace);

  const portsOf = (routing: ItemOf<'routing'>, namespace: string): readonly number[] => [
    WEB_PORT,
    ...routing.hosts.flatMap((host) =>
      registered(fullHost(host, routing.namespace, settings.clusterDomain), namespace),
    ),
  ];

  const ofHost = engine.query('virtualHostsOfOtherHost', (host: string, viewText: string): readonly HostRoutes[] => {
    const view = parseView(viewText);
    // A TrafficSplit is for a service, and for no host besides.
    const routings = writtenFor(host, clientOf(view)).filter(({ isSplit }) => isSplit !== true);
    const known = registered(host, view.namespace);
    const ports = new Set(routings.flatMap((routing) => portsOf(routing, view.namespace)));
    return [...ports]
      .filter((port) => !known.includes(port))
      .flatMap((port): readonly HostRoutes[] => {
        const here = routings.filter((routing) => portsOf(routing, view.namespace).includes(port));
        const scope = { port, gateway: 'mesh', view };
        const found = firstRoutes(here, (routing) => routesOf(routing, scope, destinations, settings));
        if (found === undefined) return [];
        const { routes, placeholders, origin } = found;
        const domains = host === '*' ? [host] : [host, `${host}:${port}`];
        const virtualHost = { name: `${host}:${port}`, domains, routes, origin };
        return [{ port, virtualHost, placeholders, joins: true }];
      });
  });

  return engine.query('virtualHostsOfOtherHosts', (view: string): readonly HostRoutes[] =>
    items.keys('routingByHost').flatMap((host) => ofHost(host, viewOf(host, view))),
  );
}

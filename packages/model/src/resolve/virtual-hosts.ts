import type { ItemOf } from '../model/fragment.ts';
import { covers, fullHost, isPattern, mostSpecific } from '../model/host-name.ts';
import { byAge, compareText, isRestricted, isVisible } from '../model/item.ts';
import type { ClusterPlan, VirtualHostPlan } from '../plan.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import type { DestinationPolicies } from './destination-policies.ts';
import type { Destinations } from './destinations.ts';
import { hostOfAddress, outboundCluster } from './names.ts';
import { ANY_REQUEST, plainForward, routesOf } from './routes.ts';
import { formatView, narrowLabels, parseView } from './view.ts';

type Routing = ItemOf<'routing'>;

export interface VirtualHosts {
  /** Labels that rules for sidecars look at; they are part of a sidecar's scope. */
  readonly sourceLabelKeys: Query<[], readonly string[]>;
  /** The routings for a host that a namespace may see: the first one holds, the others are shadowed by it. */
  readonly candidates: Query<[host: string, namespace: string], readonly Routing[]>;
  /** Whether clients may see different rules for this host. */
  readonly varies: Query<[host: string], boolean>;
  /** What of the client's view makes a difference for this host; '' when all clients see the same. */
  readonly viewOf: Query<[host: string, view: string], string>;
  /** `fromOwnNamespace` is 1 for clients in the namespace of the service, else 0; `view` is the answer of `viewOf`. */
  readonly ofPort: Query<[host: string, port: number, fromOwnNamespace: 0 | 1, view: string], HostRoutes | undefined>;
}

export interface HostRoutes {
  readonly port: number;
  readonly virtualHost: VirtualHostPlan;
  readonly placeholders: readonly ClusterPlan[];
}

/**
 * What sidecars do with requests for a service: the rules of the oldest routing for its exact host, else for the most
 * specific pattern (sidecars do not merge several; Istio documents this for VirtualService), else a plain forward.
 */
export function defineVirtualHosts(
  { engine, items, settings }: ResolveContext,
  policies: DestinationPolicies,
  destinations: Destinations,
): VirtualHosts {
  const patterns = engine.query('routingPatterns', () => items.keys('routingByHost').filter(isPattern));

  const sourceLabelKeys = engine.query('sourceLabelKeys', () => {
    const keys = items.keys('routingByHost').flatMap((host) => items.list('routingByHost', host).flatMap(labelKeysOf));
    return [...new Set(keys)].sort(compareText);
  });

  const candidates = engine.query('routingCandidates', (host: string, namespace: string): readonly Routing[] => {
    const visible = (written: string) =>
      [...items.list('routingByHost', written)]
        .filter((item) => isVisible(item.exportTo, item.namespace, namespace))
        .sort(byAge);
    const exact = visible(host);
    if (exact.length > 0) return exact;
    const best = mostSpecific(
      host,
      patterns().filter((pattern) => visible(pattern).length > 0),
    );
    return best === undefined ? [] : visible(best);
  });

  const varies = engine.query('routingVaries', (host: string): boolean => {
    const written = [host, ...patterns().filter((pattern) => covers(pattern, host))];
    return written.some((entry) =>
      items.list('routingByHost', entry).some((routing) => isRestricted(routing.exportTo) || looksAtClient(routing)),
    );
  });

  const looksAtClient = (routing: Routing): boolean =>
    routing.rules.some(
      ({ matches, action }) =>
        matches.some((match) => match.sourceNamespace !== undefined || match.sourceLabels !== undefined) ||
        (action.kind === 'forward' &&
          action.destinations.some((destination) =>
            policies.varies(fullHost(destination.host, routing.namespace, settings.clusterDomain)),
          )),
    );

  const viewOf = engine.query('routingView', (host: string, view: string): string => {
    const { namespace, labels } = parseView(view);
    if (!varies(host)) return '';
    const keys = candidates(host, namespace).slice(0, 1).flatMap(labelKeysOf);
    return formatView({ namespace, labels: narrowLabels(labels, keys) });
  });

  const ofPort = engine.query(
    'virtualHostOfPort',
    (host: string, portNumber: number, fromOwnNamespace: 0 | 1, viewText: string): HostRoutes | undefined => {
      const service = items.list('serviceByHost', host)[0];
      const port = service?.ports.find((candidate) => candidate.port === portNumber && candidate.transport === 'TCP');
      if (service === undefined || port === undefined) return undefined;
      const view = parseView(viewText);
      const name = `${host}:${portNumber}`;
      const domains = domainsOf(service, host, portNumber, fromOwnNamespace === 1, settings.clusterDomain);
      const routing = candidates(host, view.namespace)[0];
      if (routing === undefined) {
        const action = plainForward(outboundCluster(portNumber, undefined, host), settings);
        const route = { name: 'default', match: ANY_REQUEST, action, origin: port.origin };
        return {
          port: portNumber,
          virtualHost: { name, domains, routes: [route], origin: port.origin },
          placeholders: [],
        };
      }
      const scope = { port: portNumber, gateway: 'mesh', view };
      const { routes, placeholders } = routesOf(routing, scope, destinations, settings);
      return { port: portNumber, virtualHost: { name, domains, routes, origin: routing.origin }, placeholders };
    },
  );

  return { sourceLabelKeys, candidates, varies, viewOf, ofPort };
}

/**
 * The names under which a client may call a service, each with and without the port, as Istio generates them; the bare
 * name only works from the service's own namespace, where the resolver completes it.
 */
function domainsOf(
  service: ItemOf<'service'>,
  host: string,
  port: number,
  fromOwnNamespace: boolean,
  clusterDomain: string,
): readonly string[] {
  const short = host.slice(0, -`.svc.${clusterDomain}`.length);
  const names = [host, ...(fromOwnNamespace ? [service.name] : []), `${short}.svc`, short];
  return [...names, ...service.clusterIps.map(hostOfAddress)].flatMap((name) => [name, `${name}:${port}`]);
}

function labelKeysOf(routing: Routing): readonly string[] {
  return routing.rules.flatMap((rule) => rule.matches.flatMap((match) => Object.keys(match.sourceLabels ?? {})));
}

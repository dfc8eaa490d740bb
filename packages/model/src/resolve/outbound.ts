import type { EgressListener } from '../model/scoping.ts';
import type {
  ClusterPlan,
  EndpointsPlan,
  HttpPortPlan,
  OutboundPlan,
  Protocol,
  SecretPlan,
  TcpListenerPlan,
} from '../plan.ts';
import type { Query } from '../query/engine.ts';
import { type ByteListeners, defineByteListeners } from './byte-listeners.ts';
import type { ClientPlaces } from './client-place.ts';
import { type Clusters, tcpPorts } from './clusters.ts';
import type { Collectors } from './collectors.ts';
import type { ResolveContext } from './context.ts';
import { asGateway, type DestinationPolicies } from './destination-policies.ts';
import type { Destinations } from './destinations.ts';
import { defineNames } from './dns-names.ts';
import type { Endpoints } from './endpoints.ts';
import type { Gateways } from './gateways.ts';
import { bindOf, httpPortOf, httpPortsOf } from './http-ports.ts';
import { defineImports, type Imported } from './imports.ts';
import { namedCluster, namedEndpoints } from './named-services.ts';
import { outboundCluster, portOfCluster } from './names.ts';
import { defineNodeOutbound } from './node-outbound.ts';
import type { Patches } from './patches.ts';
import { pathNormalizationOf } from './path-normalization.ts';
import { parseScope } from './scope.ts';
import { type Scopings, scopedView } from './scoping.ts';
import type { ServiceRoutes } from './service-routes.ts';
import { bytePortListeners, joinListeners } from './tcp-listeners.ts';
import type { Telemetries } from './telemetry.ts';
import { defineUnknownDestinations } from './unknown-destinations.ts';
import { formatView, parseView, type View } from './view.ts';
import type { HostRoutes, VirtualHosts } from './virtual-hosts.ts';

/** What of a client makes a difference for one service. */
interface ServiceView extends Imported {
  readonly fromOwnNamespace: 0 | 1;
  readonly policy: string;
  readonly place: string;
  readonly routing: string;
}

interface ListenerRoutes {
  readonly listener?: EgressListener;
  readonly routes: readonly HostRoutes[];
}

export interface OutboundParts {
  readonly endpoints: Endpoints;
  readonly policies: DestinationPolicies;
  readonly places: ClientPlaces;
  readonly clusters: Clusters;
  readonly virtualHosts: VirtualHosts;
  readonly destinations: Destinations;
  readonly gateways: Gateways;
  readonly patches: Patches;
  readonly scopings: Scopings;
  readonly serviceRoutes: ServiceRoutes;
  readonly telemetries: Telemetries;
  readonly collectors: Collectors;
}

/**
 * What proxies of a scope may call: the parts of all services, put together so that names, domains and addresses are unique.
 *
 * Each list of the plan is a query of its own, and so is each service's part of it. A change of endpoints therefore
 * puts together the list of endpoints again and nothing else, and services that look the same from several namespaces
 * are the same objects in the plans of all of them.
 */
export function defineOutbound(context: ResolveContext, parts: OutboundParts): Query<[scope: string], OutboundPlan> {
  const { engine, services } = context;
  const { policies, places, clusters, virtualHosts, gateways, endpoints, patches, scopings, telemetries, collectors } =
    parts;
  const byteListeners = defineByteListeners(context, virtualHosts, policies, parts.destinations);
  const imports = defineImports(context, scopings, parts.destinations, parts.serviceRoutes);
  const unknown = defineUnknownDestinations(context, scopings);
  const names = defineNames(context, endpoints);

  /** Most services look the same to everyone; only for the others is the client looked at. */
  const variesOf = engine.query('clientVaries', (key: string) => ({
    namespace: services.of(key)?.namespace ?? '',
    policy: policies.varies(key),
    routing: virtualHosts.varies(key),
  }));
  const serviceViews = engine.query('serviceViews', (role: Role, viewText: string): readonly ServiceView[] => {
    const view = parseView(viewText);
    const { namespace } = view;
    const client = role === 'gateway' ? formatView(asGateway(view)) : viewText;
    return imports.services(viewText).map(({ key, port }) => {
      const varies = variesOf(key);
      const policy = varies.policy ? policies.viewOf(key, client) : '';
      return {
        key,
        port,
        fromOwnNamespace: varies.namespace === namespace ? 1 : 0,
        policy,
        place: places.viewOf(key, policy, client),
        routing: varies.routing || isScoped(viewText) ? virtualHosts.viewOf(key, viewText) : '',
      };
    });
  });

  const httpOf = engine.query(
    'httpOfService',
    (key: string, fromOwnNamespace: 0 | 1, view: string): readonly HostRoutes[] =>
      tcpPorts(services.of(key))
        .filter(({ protocol }) => protocol !== 'tcp' && protocol !== 'tls')
        .flatMap(({ port }) => virtualHosts.ofPort(key, port, fromOwnNamespace, view) ?? []),
  );

  /** Ports that listeners of their own describe: a listener for all ports leaves them alone. */
  const describedPorts = (view: string): ReadonlySet<number> =>
    new Set(imports.listeners(view).flatMap(({ listener }) => listener?.port?.number ?? []));

  const http = engine.query('http', (view: string): readonly ListenerRoutes[] => {
    const views = new Map(serviceViews('sidecar', view).map((one) => [one.key, one]));
    const described = describedPorts(view);
    return imports.listeners(view).flatMap(({ listener, services: offered }): readonly ListenerRoutes[] => {
      if (listener?.port !== undefined && isBytes(listener.port.protocol)) return [];
      const routes = offered.flatMap(({ key, port: only }) => {
        const one = views.get(key);
        if (one === undefined) return [];
        const all = httpOf(key, one.fromOwnNamespace, one.routing);
        return all.filter(({ port }) =>
          only === 0 ? listener?.port !== undefined || !described.has(port) : port === only,
        );
      });
      const others = listener?.port === undefined ? virtualHosts.ofOtherHosts(view) : [];
      return [{ ...(listener === undefined ? {} : { listener }), routes: [...routes, ...others] }];
    });
  });
  const httpPorts = engine.query('httpPorts', (view: string): readonly HttpPortPlan[] =>
    http(view).flatMap(({ listener, routes }) =>
      listener?.port === undefined ? httpPortsOf(routes) : [httpPortOf(listener, routes)],
    ),
  );

  const bytesOf = (view: string, offered: readonly Imported[]): readonly ByteListeners[] => {
    const views = new Map(serviceViews('sidecar', view).map((one) => [one.key, one]));
    return offered.flatMap(({ key }) => {
      const one = views.get(key);
      return one === undefined ? [] : byteListeners(key, one.fromOwnNamespace, one.routing);
    });
  };
  const tcpListeners = engine.query('tcpListeners', (view: string): readonly TcpListenerPlan[] => {
    const described = describedPorts(view);
    const all = imports.listeners(view).flatMap(({ listener, services: offered }) => {
      if (listener?.port !== undefined) return isBytes(listener.port.protocol) ? describedBytes(listener, offered) : [];
      return bytesOf(view, offered)
        .flatMap(({ listeners }) => listeners)
        .filter(({ port }) => !described.has(port));
    });
    return joinListeners(all, httpPorts(view));
  });
  const describedBytes = (listener: EgressListener, offered: readonly Imported[]): readonly TcpListenerPlan[] => {
    const bind = bindOf(listener);
    return offered.flatMap(({ key, port: only }): readonly TcpListenerPlan[] => {
      const service = services.of(key);
      const port = tcpPorts(service).find((candidate) => only === 0 || candidate.port === only);
      if (service === undefined || port === undefined) return [];
      const protocol = listener.port?.protocol ?? 'tcp';
      if (bind === undefined) return bytePortListeners(service, { ...port, protocol }, key);
      const destinations = [{ cluster: outboundCluster(port.port, undefined, key), weight: 100 }];
      const place =
        'socketPath' in bind
          ? { address: `unix://${bind.socketPath}`, port: 0 }
          : { address: bind.address, port: bind.port };
      return [{ ...place, isBound: true, destinations, origin: listener.origin }];
    });
  };

  /** Clusters without endpoints that routes of this role and view name, each name once. */
  const placeholders = engine.query('placeholders', (role: Role, view: string): readonly ClusterPlan[] => {
    const all =
      role === 'gateway'
        ? gateways.placeholdersFor(view)
        : [
            ...http(view).flatMap(({ routes }) => routes.flatMap((one) => one.placeholders)),
            ...bytesOf(view, imports.services(view)).flatMap((one) => one.placeholders),
          ];
    const known = new Set(serviceClusters(role, view).map(({ name }) => name));
    return [...new Map(all.map((cluster) => [cluster.name, cluster])).values()].filter(({ name }) => !known.has(name));
  });
  const serviceClusters = engine.query('serviceClusters', (role: Role, view: string): readonly ClusterPlan[] =>
    serviceViews(role, view).flatMap(({ key, port, policy }) =>
      clusters.ofHost(key, policy).filter((cluster) => port === 0 || cluster.port === port),
    ),
  );
  const serviceEndpoints = engine.query('serviceEndpoints', (role: Role, view: string): readonly EndpointsPlan[] => {
    const known = new Set(serviceClusters(role, view).map(({ name }) => name));
    return serviceViews(role, view).flatMap(({ key, port, policy, place }) =>
      clusters
        .endpointsOfHost(key, policy, place)
        .filter(({ cluster }) => known.has(cluster) && (port === 0 || portOfCluster(cluster) === port)),
    );
  });
  /** Collectors that the client's programs do not see; its proxy reports to them all the same. */
  const hiddenCollectors = engine.query('hiddenCollectors', (role: Role, view: string): readonly ClusterPlan[] => {
    const all = collectors.clustersFor(view);
    if (all.length === 0) return all;
    const seen = new Set(serviceClusters(role, view).map(({ name }) => name));
    return all.filter(({ name }) => !seen.has(name));
  });
  const allClusters = engine.query('clusters', (role: Role, view: string): readonly ClusterPlan[] => [
    ...serviceClusters(role, view),
    ...hiddenCollectors(role, view),
    ...(role === 'gateway' && gateways.passesToNamed() ? serviceClusters(role, view).map(namedCluster) : []),
    ...placeholders(role, view),
  ]);
  const allEndpoints = engine.query('endpoints', (role: Role, view: string): readonly EndpointsPlan[] => [
    ...serviceEndpoints(role, view),
    ...endpointsOf(collectors.endpointsFor(view), hiddenCollectors(role, view)),
    ...(role === 'gateway' && gateways.passesToNamed() ? serviceEndpoints(role, view).map(namedEndpoints) : []),
    ...placeholders(role, view).map(({ name }) => ({ cluster: name, endpoints: [] })),
  ]);

  const secrets = engine.query('secrets', (role: Role, view: string): readonly SecretPlan[] => {
    const all = serviceViews(role, view).flatMap(({ key, policy }) => clusters.secretsOfHost(key, policy));
    return [...new Map(all.map((secret) => [secret.name, secret])).values()];
  });

  const ofNode = defineNodeOutbound(context, clusters, names);

  return engine.query('outbound', (scopeName: string): OutboundPlan => {
    const scope = parseScope(scopeName);
    if (scope.role === 'node') return ofNode();
    const isGateway = scope.role === 'gateway';
    // Patches and reports come after everything else: whom they are for makes no difference to it.
    const { [patches.variant.key]: _, [telemetries.variant.key]: selected = '', ...variant } = scope.view.variant ?? {};
    const plain: View = { ...scope.view, variant };
    const view = formatView(isGateway ? plain : scopedView(plain, scopings.nameFor(formatView(plain))));
    const held = patches.ofScope(scopeName, 'shared');
    const named = secrets(scope.role, view);
    const telemetry = isGateway ? undefined : telemetries.planFor('client', scope.view.namespace, selected);
    return {
      scope: scopeName,
      httpPorts: isGateway ? [] : httpPorts(view),
      tcpListeners: isGateway ? [] : tcpListeners(view),
      clusters: allClusters(scope.role, view),
      endpoints: allEndpoints(scope.role, view),
      dns: isGateway ? [] : names.for(scope.view.namespace),
      ...(isGateway ? {} : unknown(view)),
      ...(named.length === 0 ? {} : { secrets: named }),
      ...(held === undefined ? {} : { patches: held }),
      ...(telemetry === undefined ? {} : { telemetry }),
      ...context.limits.functions(),
      ...pathNormalizationOf(context),
    };
  });
}

type Role = 'sidecar' | 'gateway';

function isBytes(protocol: Protocol): boolean {
  return protocol === 'tcp' || protocol === 'tls';
}

function isScoped(view: string): boolean {
  return parseView(view).variant?.['scoping'] !== undefined;
}

function endpointsOf(all: readonly EndpointsPlan[], clusters: readonly ClusterPlan[]): readonly EndpointsPlan[] {
  return all.filter(({ cluster }) => clusters.some(({ name }) => name === cluster));
}

import { fullHost } from '../model/host-name.ts';
import { compareText, isVisible } from '../model/item.ts';
import type { EgressListener } from '../model/scoping.ts';
import type { Query } from '../query/engine.ts';
import { tcpPorts } from './clusters.ts';
import type { ResolveContext } from './context.ts';
import type { Destinations } from './destinations.ts';
import { exportToOf } from './export-to.ts';
import { isForMesh } from './item-database.ts';
import { referencesOf } from './routes.ts';
import { egressEntries, importsHost, importsRules, type Scopings } from './scoping.ts';
import { hostOfKey } from './service-key.ts';
import type { ServiceRoutes } from './service-routes.ts';
import type { RuleOwner } from './specificity.ts';
import { parseView } from './view.ts';

/** A service as clients of a view see it. */
export interface Imported {
  readonly key: string;
  /** The only port of it that is meant; 0 for all. */
  readonly port: number;
}

export interface ImportedListener {
  /** Absent: for all ports that the listeners before it leave. */
  readonly listener?: EgressListener;
  readonly services: readonly Imported[];
}

export interface Imports {
  /** What each listener offers to clients of a view: one listener with everything visible, or as their Sidecar says. */
  readonly listeners: Query<[view: string], readonly ImportedListener[]>;
  /** All services for which they need clusters: of all listeners, and those that rules lead to. */
  readonly services: Query<[view: string], readonly Imported[]>;
}

/** Which services the proxies of a view know (Istio, Sidecar `egress`). `view` names the Sidecar, see `scopedView`. */
export function defineImports(
  context: ResolveContext,
  scopings: Scopings,
  destinations: Destinations,
  serviceRoutes: ServiceRoutes,
): Imports {
  const { engine, items, services, settings } = context;

  const visible = engine.query('visibleServices', (namespace: string): readonly Imported[] =>
    services.hosts().flatMap((host) => {
      // Most hosts mean the same to everybody, and are asked about once.
      const key = services.varies(host) ? services.keyFor(host, namespace) : host;
      return key === '' ? [] : [{ key, port: 0 }];
    }),
  );

  const scopingOf = (viewText: string) => {
    const name = parseView(viewText).variant?.[scopings.variant.key];
    return name === undefined ? undefined : scopings.of(name);
  };

  const importedBy = (listener: Pick<EgressListener, 'hosts' | 'port'>, namespace: string): readonly Imported[] => {
    const entries = egressEntries(listener.hosts, namespace);
    const port = listener.port?.number ?? 0;
    return services.hosts().flatMap((host): readonly Imported[] => {
      const key = services.visibleKeys(host, namespace).find((candidate) => {
        const service = services.of(candidate);
        return service !== undefined && importsHost(entries, service.namespace, host);
      });
      if (key === undefined) return [];
      const hasPort = port === 0 || services.of(key)?.ports.some((candidate) => candidate.port === port);
      return hasPort ? [{ key, port }] : [];
    });
  };

  const listeners = engine.query('importedListeners', (viewText: string): readonly ImportedListener[] => {
    const { namespace } = parseView(viewText);
    const scoping = scopingOf(viewText);
    if (scoping?.egress === undefined) return [{ services: visible(namespace) }];
    return scoping.egress.map((listener) => ({ listener, services: importedBy(listener, namespace) }));
  });

  /** Hosts that imported rules lead to: their clusters are needed though nobody may call them by name. */
  const routedHosts = (egress: readonly EgressListener[], namespace: string): readonly string[] => {
    const entries = egress.flatMap(({ hosts }) => egressEntries(hosts, namespace));
    const names = items.keys('routing').flatMap((name) =>
      items.list('routing', name).flatMap((routing) => {
        const hosts = routing.hosts.map((host) => fullHost(host, routing.namespace, settings.clusterDomain));
        const isImported =
          isForMesh(routing) &&
          isVisible(exportToOf(items, routing), routing.namespace, namespace) &&
          importsRules(entries, routing.namespace, hosts);
        return isImported ? destinationHosts(routing, destinations) : [];
      }),
    );
    return [...new Set(names)].sort(compareText);
  };

  /** The same for routes that are attached to imported services. */
  const attachedHosts = (named: readonly Imported[], namespace: string): readonly string[] => {
    const routes = named.flatMap(({ key }) =>
      tcpPorts(services.of(key)).flatMap(({ port }) => serviceRoutes.at(key, port, namespace)?.routes ?? []),
    );
    return [...new Set(routes.flatMap((route) => destinationHosts(route, destinations)))].sort(compareText);
  };

  const imported = engine.query('importedServices', (viewText: string): readonly Imported[] => {
    const { namespace } = parseView(viewText);
    const scoping = scopingOf(viewText);
    if (scoping?.egress === undefined) return visible(namespace);
    const named = listeners(viewText).flatMap((listener) => listener.services);
    const hosts = new Set(named.map(({ key }) => hostOfKey(key)));
    const proxy = scoping.egressProxy === undefined ? [] : [scoping.egressProxy.host.toLowerCase()];
    const led = [...routedHosts(scoping.egress, namespace), ...attachedHosts(named, namespace), ...proxy];
    const routed = [...new Set(led)].flatMap((host): readonly Imported[] => {
      const key = hosts.has(host) ? '' : services.keyFor(host, namespace);
      return key === '' || services.of(key) === undefined ? [] : [{ key, port: 0 }];
    });
    return uniqueServices([...named, ...routed]);
  });

  return { listeners, services: imported };
}

/** One entry per service: for all its ports when one of them is. */
function uniqueServices(all: readonly Imported[]): readonly Imported[] {
  const found = new Map<string, Imported>();
  for (const one of all) {
    const key = found.has(one.key) || one.port === 0 ? one.key : `${one.key} ${one.port}`;
    if (one.port === 0)
      for (const other of [...found.keys()]) if (found.get(other)?.key === one.key) found.delete(other);
    if (!found.has(one.key)) found.set(key, one);
  }
  return [...found.values()].sort((a, b) => compareText(a.key, b.key) || a.port - b.port);
}

/** Full names of what rules lead to. */
function destinationHosts(owner: RuleOwner, destinations: Destinations): readonly string[] {
  const http = destinations.rulesOf(owner).flatMap(referencesOf);
  const bytes = (owner.byteRules ?? []).flatMap((rule) => rule.destinations);
  return [...http, ...bytes].map((to) => destinations.backendOf(owner, to).host);
}

import type { Route, VirtualHost } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import type { RouteConfiguration } from '../../gen/envoy/config/route/v3/route_pb.js';
import { changedList } from './list-operations.ts';
import { routeConfigurationMatches, routeTest, virtualHostMatches } from './patch-match.ts';
import { isMerge, mergedWith, type PatchRun, patchValue } from './patch-run.ts';

/** ROUTE_CONFIGURATION, VIRTUAL_HOST and HTTP_ROUTE. The configuration itself when nothing changes. */
export function patchedRouteConfiguration(configuration: RouteConfiguration, run: PatchRun): RouteConfiguration {
  let next = configuration;
  const holds = routesHold(configuration.name, run);
  for (const patch of run.of('ROUTE_CONFIGURATION', 'MERGE', 'MERGE_AND_REPLACE_LIST')) {
    if (!holds(patch)) continue;
    run.found(patch);
    next = mergedWith(next, patch);
  }
  if (!run.has('VIRTUAL_HOST', 'HTTP_ROUTE')) return next;
  const hosts = next.virtualHosts.map((host) => patchedVirtualHost(host, configuration.name, run));
  // Where virtual hosts come on their own, so do those that are added.
  const added = configuration.vhds === undefined ? run.of('VIRTUAL_HOST', 'ADD').filter(holds) : [];
  for (const patch of added) run.found(patch);
  if (added.length === 0 && hosts.every((host, index) => host === next.virtualHosts[index])) return next;
  const virtualHosts = [
    ...hosts.filter((host) => host !== undefined),
    ...added.map((patch) => patchValue<VirtualHost>(patch)),
  ];
  return { ...next, virtualHosts };
}

function routesHold(name: string, run: PatchRun) {
  const isGateway = run.context === 'GATEWAY';
  return (patch: Parameters<typeof routeConfigurationMatches>[0]) => routeConfigurationMatches(patch, name, isGateway);
}

/** One virtual host of a route configuration of that name, in it or sent by itself. Undefined: removed. */
export function patchedVirtualHost(host: VirtualHost, routesName: string, run: PatchRun): VirtualHost | undefined {
  const holds = routesHold(routesName, run);
  let next = host;
  for (const patch of run.of('VIRTUAL_HOST', 'MERGE', 'MERGE_AND_REPLACE_LIST', 'REMOVE', 'REPLACE')) {
    if (!holds(patch) || !virtualHostMatches(patch, next)) continue;
    run.found(patch);
    if (patch.operation === 'REMOVE') return undefined;
    next = isMerge(patch) ? mergedWith(next, patch) : patchValue<VirtualHost>(patch);
  }
  return withRoutes(next, (patch) => holds(patch) && virtualHostMatches(patch, next), run);
}

function withRoutes(
  host: VirtualHost,
  holds: (patch: Parameters<typeof virtualHostMatches>[0]) => boolean,
  run: PatchRun,
): VirtualHost {
  const patches = run.of('HTTP_ROUTE').filter(holds);
  if (patches.length === 0) return host;
  const changes = patches.filter((patch) => isMerge(patch) || patch.operation === 'REMOVE');
  const kept = host.routes.flatMap((route) => patchedRoute(route, changes, run));
  let routes: readonly Route[] =
    kept.every((route, at) => route === host.routes[at]) && kept.length === host.routes.length ? host.routes : kept;
  for (const patch of patches) {
    if (changes.includes(patch)) continue;
    const test = routeTest(patch);
    // Unlike with filters, the route that is named must be there to insert before all.
    if (patch.operation === 'INSERT_FIRST' && test !== undefined && !routes.some(test)) continue;
    routes = changedList(routes, patch, test, run);
  }
  return routes === host.routes ? host : { ...host, routes: [...routes] };
}

function patchedRoute(route: Route, patches: ReturnType<PatchRun['of']>, run: PatchRun): readonly Route[] {
  let next = route;
  for (const patch of patches) {
    if (routeTest(patch)?.(next) === false) continue;
    run.found(patch);
    if (patch.operation === 'REMOVE') return [];
    next = mergedWith(next, patch);
  }
  return [next];
}

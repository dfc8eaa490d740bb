import type { ParentReference } from '../model/attached-route.ts';
import type { ItemOf } from '../model/fragment.ts';
import { serviceHost } from '../model/host-name.ts';
import type { Residue } from '../provenance.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import { defineOverrides } from './overrides.ts';
import { referencesOf } from './routes.ts';
import type { RoutingParts } from './routing-residues.ts';
import { isServiceParent } from './service-routes.ts';

type AttachedRoute = ItemOf<'attached-route'>;

/** What is amiss with a route (`HTTPRoute namespace/name`) whose parents are Services. */
export function defineServiceRouteResidues(
  context: ResolveContext,
  parts: RoutingParts,
): Query<[route: string], readonly Residue[]> {
  const { engine, items, settings } = context;
  const { destinations, serviceAttachments } = parts;
  const overridden = defineOverrides(context, parts);

  const parentResidues = (route: AttachedRoute, name: string): readonly Residue[] =>
    serviceAttachments(name).flatMap(({ parent, refusal }): readonly Residue[] => {
      if (refusal !== undefined) return [remark(parent.origin, refusal.message)];
      const loses = overridden(route, hostOf(parent, settings.clusterDomain), route.namespace);
      return loses === undefined ? [] : [remark(parent.origin, loses)];
    });

  const backendResidues = (route: AttachedRoute): readonly Residue[] => {
    const http = route.rules.flatMap(referencesOf);
    const bytes = route.byteRules.flatMap((rule) => rule.destinations);
    return [...http, ...bytes].flatMap((to): readonly Residue[] => {
      const found = destinations.backendOf(route, to);
      if (!('refused' in found)) return [];
      const loss = !('weight' in to)
        ? 'nothing is copied'
        : route.byteRules.length > 0
          ? 'this share of connections is closed'
          : `this share of requests gets ${route.routeKind === 'GRPCRoute' ? 'UNAVAILABLE' : '500'}`;
      return [remark(to.origin, `${found.message}; ${loss}`)];
    });
  };

  return engine.query('serviceRouteResidues', (name: string): readonly Residue[] =>
    items.list('attachedRoute', name).flatMap((route) => {
      if (!route.parents.some(isServiceParent)) return [];
      return [...parentResidues(route, name), ...backendResidues(route)];
    }),
  );
}

/** Where requests to a parent are sent; of a ServiceEntry, whose hosts are its own, nothing is said. */
function hostOf({ kind, name, namespace }: ParentReference, clusterDomain: string): string {
  return kind === 'Service' ? serviceHost(name, namespace, clusterDomain) : '';
}

function remark(origin: Residue['origin'], message: string): Residue {
  return { origin, severity: 'invalid', message: origin.field === undefined ? message : `${origin.field}: ${message}` };
}

import type { AttachedRouteItem, ParentReference } from '../model/attached-route.ts';
import type { Query } from '../query/engine.ts';
import { type Attachments, isGatewayParent } from './attachments.ts';
import type { Fault } from './class-conditions.ts';
import { type ClassGateways, OWN_CONTROLLER } from './class-gateways.ts';
import type { ResolveContext } from './context.ts';
import type { Destinations } from './destinations.ts';
import { referencesOf } from './routes.ts';
import type { ServiceAttachments } from './service-attachments.ts';
import { isServiceParent } from './service-routes.ts';

/** What became of one of a route's `parentRefs` that is ours: a listener of a Gateway, or a Service. */
export interface RouteParentState {
  readonly parent: ParentReference;
  readonly controllerName: string;
  /** Why it is not attached there (condition `Accepted`). */
  readonly refusal?: Fault;
  /** The first of its references that leads nowhere from there (condition `ResolvedRefs`). */
  readonly unresolved?: Fault;
}

/** The parents of a route (`HTTPRoute namespace/name`), in their order. */
export type RouteParents = Query<[route: string], readonly RouteParentState[]>;

export function defineRouteParents(
  { engine, items }: ResolveContext,
  parts: {
    readonly gateways: ClassGateways;
    readonly attachments: Attachments;
    readonly serviceAttachments: ServiceAttachments;
    readonly destinations: Destinations;
  },
): RouteParents {
  const { gateways, attachments, serviceAttachments, destinations } = parts;

  /** References are judged from where requests come in: from a Gateway they need grants. */
  const unresolvedFrom = (route: AttachedRouteItem, gateway: string | undefined): Fault | undefined => {
    const http = destinations.rulesOf(route).flatMap(referencesOf);
    const bytes = route.byteRules.flatMap((rule) => rule.destinations);
    for (const destination of [...http, ...bytes]) {
      const found = destinations.backendOf(route, destination, gateway);
      if ('refused' in found) return { reason: found.refused, message: found.message };
    }
    return undefined;
  };

  return engine.query('routeParents', (name: string): readonly RouteParentState[] =>
    items.list('attachedRoute', name).flatMap((route) => {
      const attached = attachments.ofRoute(name);
      return route.parents.flatMap((parent): readonly RouteParentState[] => {
        if (isServiceParent(parent)) {
          const refusal = serviceAttachments(name).find((attachment) => attachment.parent === parent)?.refusal;
          return [stateOf(parent, OWN_CONTROLLER, refusal, unresolvedFrom(route, undefined))];
        }
        const gatewayName = `${parent.namespace}/${parent.name}`;
        const gateway = isGatewayParent(parent) ? gateways.of(gatewayName) : undefined;
        if (gateway === undefined) return [];
        const refusal = attached.find((attachment) => attachment.parent === parent)?.refusal;
        return [stateOf(parent, gateways.controllerOf(gateway), refusal, unresolvedFrom(route, gatewayName))];
      });
    }),
  );
}

function stateOf(
  parent: ParentReference,
  controllerName: string,
  refusal: Fault | undefined,
  unresolved: Fault | undefined,
): RouteParentState {
  return {
    parent,
    controllerName,
    ...(refusal === undefined ? {} : { refusal }),
    ...(unresolved === undefined ? {} : { unresolved }),
  };
}

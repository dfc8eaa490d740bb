import type { Resource, TrafficShiftSpec, VirtualServiceHttpRoute, VirtualServiceSpec } from '@meshwise/resources';
import { isVersion } from './versions.ts';

/** Names short hosts are completed with. */
export interface Names {
  readonly namespace: string;
  readonly clusterDomain: string;
}

/** The fields of an HTTP route that a shift writes. Everything else of the VirtualService stays as its owner has it. */
const SHIFTED = ['route', 'mirror', 'mirrors', 'mirrorPercent', 'mirrorPercentage'] as const;

/** What a shift writes, as it stands in a VirtualService. */
export interface RouteParts {
  readonly fields: Pick<VirtualServiceHttpRoute, (typeof SHIFTED)[number]>;
  /** The route that it puts before the other one, for testers. */
  readonly testers?: VirtualServiceHttpRoute;
}

export interface FoundRoute {
  /** Counted without routes for testers. */
  readonly index: number;
  readonly route: VirtualServiceHttpRoute;
  readonly parts: RouteParts;
}

export type Found<T> = { readonly found: T } | { readonly problem: string };

export function testersRouteName(shift: string): string {
  return `meshwise-shift-${shift}`;
}

/** The HTTP routes that are the owner's, without those that shifts put in. */
export function ownRoutes(virtualService: Resource): readonly VirtualServiceHttpRoute[] {
  return routesOf(virtualService).filter(({ name }) => name?.startsWith(testersRouteName('')) !== true);
}

/** The route that a shift means, with what it would change of it. */
export function findRoute(
  virtualService: Resource,
  shift: string,
  spec: TrafficShiftSpec,
  names: Names,
): Found<FoundRoute> {
  const own = ownRoutes(virtualService);
  const chosen = chooseRoute(own, spec, names);
  if ('problem' in chosen) return chosen;
  const route = own[chosen.found];
  if (route === undefined) return { problem: `has no HTTP route ${chosen.found}` };
  const testers = routesOf(virtualService).find(({ name }) => name === testersRouteName(shift));
  const fields = Object.fromEntries(
    SHIFTED.flatMap((name) => (route[name] === undefined ? [] : [[name, route[name]]])),
  );
  return { found: { index: chosen.found, route, parts: { fields, ...(testers === undefined ? {} : { testers }) } } };
}

function chooseRoute(
  own: readonly VirtualServiceHttpRoute[],
  { targetRef, versions }: TrafficShiftSpec,
  { namespace, clusterDomain }: Names,
): Found<number> {
  const { route: wanted } = targetRef;
  if (typeof wanted === 'number') return { found: wanted };
  if (typeof wanted === 'string') {
    const index = own.findIndex(({ name }) => name === wanted);
    return index === -1 ? { problem: `has no HTTP route called ${wanted}` } : { found: index };
  }
  const fitting = own.flatMap(({ route = [] }, index) => {
    const destinations = route.map(({ destination }) => destination);
    const known = destinations.every((one) =>
      versions.some((version) => isVersion(version, one, namespace, clusterDomain)),
    );
    return known && destinations.length > 0 ? [index] : [];
  });
  const [only] = fitting;
  if (only === undefined) {
    return {
      problem: 'has no HTTP route that goes to these versions and to nothing else; spec.targetRef.route names one',
    };
  }
  if (fitting.length > 1)
    return { problem: `has several such HTTP routes (${fitting.join(', ')}); spec.targetRef.route says which` };
  return { found: only };
}

/** The VirtualService with these parts in place; it is changed in nothing else. */
export function withParts(virtualService: Resource, index: number, shift: string, parts: RouteParts): Resource {
  const own = ownRoutes(virtualService);
  const target = own[index];
  const others = routesOf(virtualService).filter(({ name }) => name !== testersRouteName(shift));
  const http = others.flatMap((route) => {
    if (route !== target) return [route];
    const changed = { ...withoutShifted(route), ...parts.fields };
    return parts.testers === undefined ? [changed] : [parts.testers, changed];
  });
  const spec: VirtualServiceSpec = { ...(virtualService.spec as VirtualServiceSpec), http };
  return { ...virtualService, spec };
}

/** Why a shift cannot change this route; undefined when it can. */
export function cannotShift(
  { route, redirect, directResponse, delegate }: VirtualServiceHttpRoute,
  { versions, mirror }: TrafficShiftSpec,
  { namespace, clusterDomain }: Names,
  fields: RouteParts['fields'],
): string | undefined {
  if (redirect !== undefined) return 'redirects';
  if (directResponse !== undefined) return 'answers by itself (directResponse)';
  if (delegate !== undefined) return 'delegates to another VirtualService, which is the one to shift';
  if (route === undefined || route.length === 0) return 'sends requests nowhere';
  const stranger = route.find(
    ({ destination }) => !versions.some((version) => isVersion(version, destination, namespace, clusterDomain)),
  );
  if (stranger !== undefined) {
    const { host, subset } = stranger.destination;
    return `also goes to ${host}${subset === undefined ? '' : ` ${subset}`}, which is not among spec.versions`;
  }
  const mirrors = fields.mirror !== undefined || (fields.mirrors ?? []).length > 0;
  return mirror !== undefined && mirrors ? 'mirrors requests already' : undefined;
}

function routesOf(virtualService: Resource): readonly VirtualServiceHttpRoute[] {
  return (virtualService.spec as VirtualServiceSpec | undefined)?.http ?? [];
}

export function withoutShifted(route: VirtualServiceHttpRoute): VirtualServiceHttpRoute {
  return Object.fromEntries(Object.entries(route).filter(([name]) => !SHIFTED.some((shifted) => shifted === name)));
}

import type { AttachedRouteItem, ParentReference } from '../model/attached-route.ts';
import type { LabelSelector } from '../model/gateway.ts';
import { covers } from '../model/host-name.ts';
import type { Query } from '../query/engine.ts';
import { type ClassGateway, type ClassGateways, GATEWAY_API } from './class-gateways.ts';
import type { ClassListener, ClassListeners } from './class-listeners.ts';
import type { ResolveContext } from './context.ts';
import { byPrecedence } from './specificity.ts';

/** A route at a listener, with the hostnames that both name: `*` where neither does. */
export interface AttachedHere {
  readonly route: AttachedRouteItem;
  readonly hostnames: readonly string[];
}

type RouteKind = AttachedRouteItem['routeKind'];

/** What became of one `parentRefs` entry that names a Gateway. */
export interface Attachment {
  readonly parent: ParentReference;
  /** Names of listeners with the hostnames that the route serves there. Empty: refused. */
  readonly listeners: readonly { readonly name: string; readonly hostnames: readonly string[] }[];
  /** In Gateway API's words. */
  readonly refusal?: {
    /** The last is ours: routes of the other kind of HTTP are older. */
    readonly reason: 'NoMatchingParent' | 'NotAllowedByListeners' | 'NoMatchingListenerHostname' | 'HostnameConflict';
    readonly message: string;
  };
}

export interface Attachments {
  /** Of a route (`HTTPRoute namespace/name`) to Gateways that are ours, in the order of its `parentRefs`. */
  readonly ofRoute: Query<[route: string], readonly Attachment[]>;
  /** The routes at a listener of a Gateway, oldest first. */
  readonly atListener: Query<[gateway: string, listener: string], readonly AttachedHere[]>;
}

export function nameOfRoute({ routeKind, namespace, name }: AttachedRouteItem): string {
  return `${routeKind} ${namespace}/${name}`;
}

function isHttpKind({ routeKind }: AttachedRouteItem): boolean {
  return routeKind === 'HTTPRoute' || routeKind === 'GRPCRoute';
}

export function isGatewayParent({ group, kind }: ParentReference): boolean {
  return group === GATEWAY_API && kind === 'Gateway';
}

function gatewayOf({ namespace, name }: ParentReference): string {
  return `${namespace}/${name}`;
}

/** Which routes are attached to which listeners (Gateway API, `parentRefs` and `allowedRoutes`). */
export function defineAttachments(
  { engine, items }: ResolveContext,
  gateways: ClassGateways,
  listeners: ClassListeners,
): Attachments {
  // The name is nobody's to write (Kubernetes, "Automatic labelling"): a namespace may not pass for another.
  const labelsOf = (namespace: string) => ({
    ...items.list('namespace', namespace)[0]?.labels,
    'kubernetes.io/metadata.name': namespace,
  });
  const admitsNamespace = (gateway: ClassGateway, { server }: ClassListener, namespace: string): boolean => {
    const admitted = server.admits?.namespaces ?? 'same';
    if (admitted === 'same') return namespace === gateway.namespace;
    if (admitted === 'all') return true;
    return admitted !== 'none' && matches(admitted.selector, labelsOf(namespace));
  };

  const attach = (route: AttachedRouteItem, parent: ParentReference, gateway: ClassGateway): Attachment => {
    const refused = (reason: NonNullable<Attachment['refusal']>['reason'], message: string): Attachment => ({
      parent,
      listeners: [],
      refusal: { reason, message },
    });
    const named = listeners(`${gateway.namespace}/${gateway.name}`).filter(
      ({ name, server }) =>
        (parent.sectionName === undefined || parent.sectionName === name) &&
        (parent.port === undefined || parent.port === server.port),
    );
    const which = `Gateway ${gateway.namespace}/${gateway.name}`;
    if (named.length === 0) return refused('NoMatchingParent', `${which} has no such listener`);
    const admitting = named.filter(
      (listener) => listener.kinds.includes(route.routeKind) && admitsNamespace(gateway, listener, route.namespace),
    );
    if (admitting.length === 0) {
      const what = `${route.routeKind}s of namespace ${route.namespace}`;
      return refused('NotAllowedByListeners', `no listener of ${which} admits ${what}`);
    }
    const meeting = admitting
      .map(({ name, hostname }) => ({ name, hostnames: meet(hostname, route.hostnames) }))
      .filter(({ hostnames }) => hostnames.length > 0);
    if (meeting.length > 0) return { parent, listeners: meeting };
    return refused('NoMatchingListenerHostname', `no listener of ${which} has one of ${route.hostnames.join(', ')}`);
  };

  const wanted = engine.query('wantedAttachments', (name: string): readonly Attachment[] =>
    items.list('attachedRoute', name).flatMap((route) =>
      route.parents.filter(isGatewayParent).flatMap((parent) => {
        const gateway = gateways.of(gatewayOf(parent));
        return gateway === undefined ? [] : [attach(route, parent, gateway)];
      }),
    ),
  );

  const routesAt = (
    gateway: string,
    listener: string,
    of: (route: string) => readonly Attachment[],
  ): readonly AttachedHere[] =>
    [...items.list('attachedRouteByParent', `Gateway ${gateway}`)].sort(byPrecedence).flatMap((route) => {
      const hostnames = of(nameOfRoute(route))
        .filter(({ parent }) => gatewayOf(parent) === gateway)
        .flatMap((attachment) => attachment.listeners)
        .filter(({ name }) => name === listener)
        .flatMap((found) => found.hostnames);
      return hostnames.length === 0 ? [] : [{ route, hostnames: [...new Set(hostnames)] }];
    });
  const wantedAt = engine.query('wantedAtListener', (gateway: string, listener: string) =>
    routesAt(gateway, listener, wanted),
  );

  /**
   * Of HTTP's two kinds one has a hostname of a listener, that of the oldest route for it (GRPCRoute `hostnames`): which
   * one, where both want it.
   */
  const contested = engine.query(
    'contestedHostnames',
    (gateway: string, listener: string): Readonly<Record<string, RouteKind>> => {
      const oldest = new Map<string, RouteKind>();
      const found: Record<string, RouteKind> = {};
      for (const { route, hostnames } of wantedAt(gateway, listener)) {
        for (const hostname of hostnames.filter(() => isHttpKind(route))) {
          const holder = oldest.get(hostname) ?? route.routeKind;
          oldest.set(hostname, holder);
          if (holder !== route.routeKind) found[hostname] = holder;
        }
      }
      return found;
    },
  );
  const isLost = (route: AttachedRouteItem, gateway: string, listener: string, hostname: string): boolean => {
    const holders = contested(gateway, listener);
    return isHttpKind(route) && Object.hasOwn(holders, hostname) && holders[hostname] !== route.routeKind;
  };

  const ofRoute = engine.query('routeAttachments', (name: string): readonly Attachment[] => {
    const route = items.list('attachedRoute', name)[0];
    if (route === undefined) return [];
    return wanted(name).map((attachment): Attachment => {
      const gateway = gatewayOf(attachment.parent);
      const kept = attachment.listeners
        .map((listener) => ({
          ...listener,
          hostnames: listener.hostnames.filter((hostname) => !isLost(route, gateway, listener.name, hostname)),
        }))
        .filter(({ hostnames }) => hostnames.length > 0);
      if (kept.length > 0 || attachment.listeners.length === 0) return { ...attachment, listeners: kept };
      const message = `older routes of the other kind have its hostnames at Gateway ${gateway}`;
      return { parent: attachment.parent, listeners: [], refusal: { reason: 'HostnameConflict', message } };
    });
  });

  const atListener = engine.query('routesAtListener', (gateway: string, listener: string) =>
    routesAt(gateway, listener, ofRoute),
  );

  return { ofRoute, atListener };
}

/** The narrower of what a listener and a route name; a route that names nothing takes all of the listener. */
function meet(listener: string, hostnames: readonly string[]): readonly string[] {
  if (hostnames.length === 0) return [listener];
  const found = hostnames
    .map((hostname) => hostname.toLowerCase())
    .flatMap((hostname) => (covers(listener, hostname) ? [hostname] : covers(hostname, listener) ? [listener] : []));
  return [...new Set(found)];
}

/** Kubernetes' LabelSelector: everything has to hold. */
function matches({ matchLabels, matchExpressions }: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((requirement) => holds(requirement, labels[requirement.key]))
  );
}

function holds({ operator, values }: LabelSelector['matchExpressions'][number], value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

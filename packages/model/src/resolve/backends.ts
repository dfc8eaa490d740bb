import { serviceHost } from '../model/host-name.ts';
import type { BackendReference } from '../model/routing.ts';
import { tcpPorts } from './clusters.ts';
import type { ResolveContext } from './context.ts';
import { isEntry } from './services.ts';

/** Gateway API's reasons why references of a route are not resolved (condition `ResolvedRefs`). */
export type RefusalReason = 'RefNotPermitted' | 'InvalidKind' | 'BackendNotFound';

export type BackendResolution =
  | { readonly host: string }
  | { readonly refused: RefusalReason; readonly message: string; readonly host: string };

/** Who refers. */
export interface Referrer {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
}

export interface BackendQuestion {
  /** Absent: any port will do. */
  readonly port?: number | undefined;
  /**
   * Whether other namespaces have to allow it. Routes of Gateways do: they would show the world what nobody meant to show.
   * Routes of Services need no grant, since clients of the mesh could call the backend themselves (GEP-1294, "Namespace
   * boundaries").
   */
  readonly needsGrant: boolean;
}

/** Istio's kind of a reference to any host of the mesh, which need not be a Service. */
const HOSTNAME = { group: 'networking.istio.io', kind: 'Hostname' } as const;

/**
 * What a BackendObjectReference of the Gateway API leads to: the host of a Service, or why it leads nowhere. Requests for
 * what is refused are answered with 500 (HTTPRouteRule `backendRefs`).
 */
export function resolveBackend(
  { items, services, settings }: Pick<ResolveContext, 'items' | 'services' | 'settings'>,
  backend: BackendReference,
  from: Referrer,
  { port, needsGrant }: BackendQuestion,
): BackendResolution {
  const { group, kind, namespace, name } = backend;
  const isHostname = group === HOSTNAME.group && kind === HOSTNAME.kind;
  const host = isHostname ? name.toLowerCase() : serviceHost(name, namespace, settings.clusterDomain);
  const refuse = (refused: RefusalReason, message: string): BackendResolution => ({ refused, message, host });
  if (!isHostname && (group !== '' || kind !== 'Service')) {
    return refuse('InvalidKind', `${group === '' ? kind : `${kind} of ${group}`} cannot be a backend`);
  }
  if (needsGrant && !isHostname && namespace !== from.namespace && !isGranted(items, from, backend)) {
    return refuse(
      'RefNotPermitted',
      `no ReferenceGrant in ${namespace} lets a ${from.kind} of ${from.namespace} refer`,
    );
  }
  const service = isHostname
    ? services.of(services.keyFor(host, from.namespace))
    : items.list('serviceByHost', host).find((candidate) => !isEntry(candidate));
  if (service === undefined) {
    return refuse(
      'BackendNotFound',
      isHostname ? `there is no host ${host}` : `there is no Service ${namespace}/${name}`,
    );
  }
  if (port !== undefined && !tcpPorts(service).some((candidate) => candidate.port === port)) {
    return refuse('BackendNotFound', `the service ${host} has no TCP port ${port}`);
  }
  return { host };
}

/** Gateway API ReferenceGrant: whoever is referred to allows it, in its own namespace. */
export function isGranted(items: ResolveContext['items'], from: Referrer, to: BackendReference): boolean {
  return items
    .list('referenceGrantByNamespace', to.namespace)
    .some(
      (grant) =>
        grant.from.some(
          ({ group, kind, namespace }) => group === from.group && kind === from.kind && namespace === from.namespace,
        ) &&
        grant.to.some(
          ({ group, kind, name }) => group === to.group && kind === to.kind && (name === undefined || name === to.name),
        ),
    );
}

import type { ParentReference } from '../model/attached-route.ts';
import type { ItemOf } from '../model/fragment.ts';
import { serviceHost } from '../model/host-name.ts';
import type { Query } from '../query/engine.ts';
import { tcpPorts } from './clusters.ts';
import type { ResolveContext } from './context.ts';
import { carries, hasFrontend, isServiceParent, type ServiceRoutes } from './service-routes.ts';
import { isEntry } from './services.ts';

type AttachedRoute = ItemOf<'attached-route'>;

/** What became of one `parentRefs` entry that names a service. */
export interface ServiceAttachment {
  readonly parent: ParentReference;
  /** In Gateway API's words (`Accepted`, and `Conflicted` of GEP-1294). Absent: attached. */
  readonly refusal?: {
    readonly reason: 'NoMatchingParent' | 'UnsupportedValue' | 'Conflicted';
    readonly message: string;
  };
}

/** Of a route (`HTTPRoute namespace/name`), in the order of its `parentRefs`: those whose parent is a Service or a ServiceEntry. */
export type ServiceAttachments = Query<[route: string], readonly ServiceAttachment[]>;

export function defineServiceAttachments(
  { engine, items, services, settings }: ResolveContext,
  serviceRoutes: ServiceRoutes,
): ServiceAttachments {
  const refusalOf = (route: AttachedRoute, parent: ParentReference): ServiceAttachment['refusal'] => {
    const { kind, namespace, name } = parent;
    const full = `${kind} ${namespace}/${name}`;
    const all = items
      .list('serviceByNamespace', namespace)
      .filter((service) => service.name === name && isEntry(service) === (kind === 'ServiceEntry'));
    if (all.length === 0) return { reason: 'NoMatchingParent', message: `there is no ${full}` };
    if (!all.every(hasFrontend)) {
      return { reason: 'UnsupportedValue', message: `${full} is headless, and has no address that stands for it` };
    }
    const named = all
      .flatMap(tcpPorts)
      .filter(
        (port) =>
          (parent.port === undefined || parent.port === port.port) &&
          (parent.sectionName === undefined || parent.sectionName === port.name),
      );
    const section = [parent.port, parent.sectionName].filter((part) => part !== undefined).join(' ');
    if (named.length === 0) return { reason: 'NoMatchingParent', message: `${full} has no TCP port ${section}` };
    const carrying = named.filter(({ protocol }) => carries(protocol, route.routeKind));
    if (carrying.length === 0) {
      const protocols = [...new Set(named.map(({ protocol }) => protocol))].join(', ');
      return { reason: 'UnsupportedValue', message: `${full} speaks ${protocols}, which no ${route.routeKind} is for` };
    }
    const others = carrying.map(({ port }) => {
      const [service] = all;
      const host = service?.host ?? serviceHost(name, namespace, settings.clusterDomain);
      const key = services.keyFor(host, route.namespace);
      const kept = key === '' ? undefined : serviceRoutes.at(key, port, route.namespace);
      return kept === undefined || kept.kind === route.routeKind ? undefined : kept;
    });
    const [winner] = others;
    if (winner === undefined || others.includes(undefined)) return undefined;
    const [first] = winner.routes;
    const message = `${winner.kind} ${first?.namespace}/${first?.name} is attached to ${full}, and a ${winner.kind} goes before a ${route.routeKind}`;
    return { reason: 'Conflicted', message };
  };

  return engine.query('serviceAttachments', (name: string): readonly ServiceAttachment[] =>
    items.list('attachedRoute', name).flatMap((route) =>
      route.parents.filter(isServiceParent).map((parent) => {
        const refusal = refusalOf(route, parent);
        return refusal === undefined ? { parent } : { parent, refusal };
      }),
    ),
  );
}

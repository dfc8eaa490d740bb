import { keyText } from '@meshwise/resources';
import type { BackendTlsItem, ParentReference } from '../model/attached-route.ts';
import { compareText } from '../model/item.ts';
import type { Residue } from '../provenance.ts';
import type { Query } from '../query/engine.ts';
import { type AttachedHere, type Attachments, nameOfRoute } from './attachments.ts';
import type { BackendTls } from './backend-tls.ts';
import { condition, type Fault, type WantedCondition } from './class-conditions.ts';
import { type ClassGateways, GATEWAY_API, isOurs, nameOfGateway, OWN_CONTROLLER } from './class-gateways.ts';
import type { ClassListeners } from './class-listeners.ts';
import type { ResolveContext } from './context.ts';
import type { RouteParents } from './route-parents.ts';
import { referencesOf } from './routes.ts';

export interface StatusParts {
  readonly gateways: ClassGateways;
  readonly listeners: ClassListeners;
  readonly attachments: Attachments;
  readonly routeParents: RouteParents;
  readonly backendTls: BackendTls;
  readonly gatewayStatus: Query<[name: string], Status>;
  /** What its reader says of a resource. */
  readonly remarks: (key: string) => readonly Residue[];
}

type Status = Readonly<Record<string, unknown>>;

/** Entries of a policy's status are limited by its schema. */
const MAX_ANCESTORS = 16;

/**
 * The status of every resource of the Gateway API that is ours to write, by `keyText`, as its specification words it and
 * without what depends on when it is written.
 */
export function defineStatuses(
  { engine, items }: ResolveContext,
  parts: StatusParts,
): Query<[], ReadonlyMap<string, Status>> {
  const { gateways, listeners, attachments, routeParents, backendTls, gatewayStatus } = parts;

  const ofClass: Status = {
    conditions: [condition('Accepted', undefined), condition('SupportedVersion', undefined)],
  };

  const ofRoute = engine.query('routeStatus', (name: string): Status => {
    const partly = items.list('attachedRoute', name).flatMap((route) => {
      const [worst] = parts.remarks(keyText(route.origin.resource)).filter(({ severity }) => severity !== 'info');
      return worst === undefined ? [] : [{ worst, isEmpty: route.rules.length + route.byteRules.length === 0 }];
    })[0];
    const unsupported =
      partly === undefined ? undefined : { reason: 'UnsupportedValue', message: partly.worst.message };
    return {
      parents: routeParents(name).map(({ parent, controllerName, refusal, unresolved }) => ({
        parentRef: parentRef(parent),
        controllerName,
        conditions: [
          condition('Accepted', refusal ?? (partly?.isEmpty === true ? unsupported : undefined)),
          condition('ResolvedRefs', unresolved),
          ...(unsupported === undefined || partly?.isEmpty === true ? [] : [partiallyInvalid(unsupported)]),
        ],
      })),
    };
  });

  /** The Services that routes of a Gateway lead to. */
  const servicesBehind = engine.query('servicesBehindGateway', (name: string): readonly string[] => {
    const routes = listeners(name).flatMap((listener) => attachments.atListener(name, listener.name));
    return [...new Set(routes.flatMap(backendsOf))].sort(compareText);
  });

  const ofBackendTls = (policy: BackendTlsItem): Status => {
    const unresolved = backendTls.unresolved(policy);
    const ancestor = (ref: object, controllerName: string, refusal: Fault | undefined) => ({
      ancestorRef: ref,
      controllerName,
      conditions: [condition('Accepted', refusal), condition('ResolvedRefs', unresolved)],
    });
    const targets = policy.targets.map((target) => ({ target, refusal: backendTls.refusal(policy, target) }));
    const ofServices = targets.map(({ target, refusal }) => {
      const { group, kind, name, sectionName } = target;
      const ref = {
        group,
        kind,
        namespace: policy.namespace,
        name,
        ...(sectionName === undefined ? {} : { sectionName }),
      };
      return ancestor(ref, OWN_CONTROLLER, refusal);
    });
    const ofGateways = gateways.all().flatMap((gateway) => {
      const behind = servicesBehind(nameOfGateway(gateway));
      const used = targets.filter(({ target }) => behind.includes(`${policy.namespace}/${target.name}`));
      const [first] = used;
      if (first === undefined) return [];
      const { namespace, name } = gateway;
      const refusal = used.every((one) => one.refusal !== undefined) ? first.refusal : undefined;
      const ref = { group: GATEWAY_API, kind: 'Gateway', namespace, name };
      return [ancestor(ref, gateways.controllerOf(gateway), refusal)];
    });
    return { ancestors: [...ofServices, ...ofGateways].slice(0, MAX_ANCESTORS) };
  };

  const list = engine.query('statusList', (): readonly { readonly id: string; readonly status: Status }[] => {
    const classes = items.keys('gatewayClass').flatMap((name) => items.list('gatewayClass', name).filter(isOurs));
    const routes = items.keys('attachedRoute').flatMap((name) => items.list('attachedRoute', name));
    const policies = new Set(
      items.keys('backendTlsByService').flatMap((name) => items.list('backendTlsByService', name)),
    );
    const of = (item: { readonly origin: Residue['origin'] }, status: Status) => ({
      id: keyText(item.origin.resource),
      status,
    });
    return [
      ...classes.map((item) => of(item, ofClass)),
      ...gateways.all().map((item) => of(item, gatewayStatus(nameOfGateway(item)))),
      ...routes.map((item) => of(item, ofRoute(nameOfRoute(item)))),
      ...[...policies].map((item) => of(item, ofBackendTls(item))),
    ].sort((a, b) => compareText(a.id, b.id));
  });

  // A Map of its own query: it is made anew only when the list, which the engine compares, has changed.
  return engine.query('statuses', () => new Map(list().map(({ id, status }) => [id, status])));
}

function parentRef({ group, kind, namespace, name, sectionName, port }: ParentReference): object {
  return {
    group,
    kind,
    namespace,
    name,
    ...(sectionName === undefined ? {} : { sectionName }),
    ...(port === undefined ? {} : { port }),
  };
}

/** Some of it is in force and some is not. */
function partiallyInvalid({ reason, message }: Fault): WantedCondition {
  return { type: 'PartiallyInvalid', status: 'True', reason, message };
}

function backendsOf({ route }: AttachedHere): readonly string[] {
  const all = [...route.rules.flatMap(referencesOf), ...route.byteRules.flatMap((rule) => rule.destinations)];
  return all.flatMap(({ backend }) =>
    backend !== undefined && backend.group === '' && backend.kind === 'Service'
      ? [`${backend.namespace}/${backend.name}`]
      : [],
  );
}

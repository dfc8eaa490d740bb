import { fullHost } from '@meshwise/model';
import {
  type DestinationRuleSpec,
  type Resource,
  type ResourceStore,
  type TrafficShiftSpec,
  validateObject,
} from '@meshwise/resources';
import { cannotShift, type Found, type FoundRoute, findRoute, type Names } from './route.ts';
import { ACTIVE, phaseOf, SHIFT, type TrafficShift, VIRTUAL_SERVICE } from './state.ts';

const SERVICE = { group: '', kind: 'Service' } as const;
const SERVICE_ENTRY = { group: 'networking.istio.io', kind: 'ServiceEntry' } as const;
const DESTINATION_RULE = { group: 'networking.istio.io', kind: 'DestinationRule' } as const;

export interface Target {
  readonly virtualService: Resource;
  readonly route: FoundRoute;
}

/** The VirtualService of a shift and the route in it, or why there is none that can be shifted. */
export async function findTarget(
  store: ResourceStore,
  name: string,
  spec: TrafficShiftSpec,
  names: Names,
): Promise<Found<Target>> {
  const { namespace } = names;
  const virtualService = await store.get({ ...VIRTUAL_SERVICE, namespace, name: spec.targetRef.name });
  const what = `VirtualService ${namespace}/${spec.targetRef.name}`;
  if (virtualService === undefined) return { problem: `${what} is not there` };
  const found = findRoute(virtualService, name, spec, names);
  return 'problem' in found
    ? { problem: `${what} ${found.problem}` }
    : { found: { virtualService, route: found.found } };
}

/** Everything that keeps a shift from beginning, in words; none when it can. */
export async function obstacles(store: ResourceStore, shift: TrafficShift, names: Names): Promise<readonly string[]> {
  const invalid = validateObject(shift).filter(({ severity }) => severity === 'error');
  const { spec } = shift;
  if (invalid.length > 0 || spec === undefined) {
    return invalid.length === 0
      ? ['spec is missing']
      : invalid.map(({ field, message }) => `${field ?? ''}: ${message}`);
  }
  const { metadata } = shift;
  const target = await findTarget(store, metadata.name, spec, names);
  if ('problem' in target) return [target.problem];
  const { route } = target.found;
  const reason = cannotShift(route.route, spec, names, route.parts.fields);
  const field = `spec.http[${route.index}] of VirtualService ${names.namespace}/${spec.targetRef.name}`;
  const missing = await missingVersions(store, spec, names);
  const other = await otherShift(store, shift, route.index, names);
  return [
    ...(reason === undefined ? [] : [`${field} ${reason}`]),
    ...missing,
    ...(other === undefined ? [] : [`TrafficShift ${other} is at work on ${field}`]),
  ];
}

/** Versions that a route cannot go to: no such service, or no rule that defines the subset. */
async function missingVersions(store: ResourceStore, { versions }: TrafficShiftSpec, names: Names): Promise<string[]> {
  const { namespace, clusterDomain } = names;
  const [services, entries, rules] = await Promise.all(
    [SERVICE, SERVICE_ENTRY, DESTINATION_RULE].map(async (kind) => (await store.list(kind)).items),
  );
  const hosts = new Set([
    ...(services ?? []).map((one) => fullHost(one.metadata.name, one.metadata.namespace ?? '', clusterDomain)),
    ...(entries ?? []).flatMap(
      (entry) => (entry.spec as { readonly hosts?: readonly string[] } | undefined)?.hosts ?? [],
    ),
  ]);
  return versions.flatMap(({ host, subset, name }) => {
    const full = fullHost(host, namespace, clusterDomain);
    if (!hosts.has(full)) return [`version ${name}: host ${host} is no service of the mesh`];
    if (subset === undefined) return [];
    const defined = (rules ?? []).some((rule) => {
      const spec = rule.spec as DestinationRuleSpec | undefined;
      const ruled = fullHost(spec?.host ?? '', rule.metadata.namespace ?? '', clusterDomain);
      return ruled === full && (spec?.subsets ?? []).some((one) => one.name === subset);
    });
    return defined ? [] : [`version ${name}: no DestinationRule defines subset ${subset} of ${host}`];
  });
}

/** A shift that has begun on the same route: two of them would fight. */
async function otherShift(
  store: ResourceStore,
  shift: TrafficShift,
  index: number,
  names: Names,
): Promise<string | undefined> {
  const { items } = await store.list(SHIFT, { namespace: names.namespace });
  const other = (items as readonly TrafficShift[]).find(
    (one) =>
      one.metadata.name !== shift.metadata.name &&
      ACTIVE.includes(phaseOf(one)) &&
      one.spec?.targetRef.name === shift.spec?.targetRef.name &&
      one.status?.target?.field === routeField(index),
  );
  return other === undefined ? undefined : `${names.namespace}/${other.metadata.name}`;
}

/** Counted without the routes that shifts put in for testers. */
export function routeField(index: number): string {
  return `spec.http[${index}].route`;
}

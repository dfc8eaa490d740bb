import type { CallView, ShiftTarget, ShiftTargetVersion } from '@meshwise/api';
import { fullHost } from '@meshwise/model';
import type {
  Destination,
  DestinationRuleSpec,
  PodStatus,
  Resource,
  ResourceStore,
  ServiceSpec,
  ShiftVersion,
  VirtualServiceHttpRoute,
  VirtualServiceSpec,
} from '@meshwise/resources';
import { callsTo, sumCalls } from './figures.ts';
import { cannotShift, type Names, ownRoutes } from './route.ts';
import { ACTIVE, managedBy, phaseOf, SHIFT, type TrafficShift, VIRTUAL_SERVICE } from './state.ts';
import { routeField } from './target.ts';
import { isVersion } from './versions.ts';
import { percentsOf } from './weights.ts';
import { matchWords } from './words.ts';

const RULE = { group: 'networking.istio.io', kind: 'DestinationRule' } as const;
const SERVICE = { group: '', kind: 'Service' } as const;
const POD = { group: '', kind: 'Pod' } as const;

interface World {
  readonly clusterDomain: string;
  readonly virtualServices: readonly Resource[];
  readonly rules: readonly Resource[];
  readonly services: readonly Resource[];
  readonly pods: readonly Resource[];
  readonly shifts: readonly TrafficShift[];
  readonly calls: readonly CallView[];
}

/**
 * Every route whose weights could be shifted, and those that cannot be with the reason: routes of VirtualServices, whoever wrote
 * them, and services with subsets that no VirtualService routes.
 */
export async function shiftTargets(
  store: ResourceStore,
  calls: readonly CallView[],
  clusterDomain: string,
): Promise<ShiftTarget[]> {
  const list = async (kind: { group: string; kind: string }) => (await store.list(kind)).items;
  const [virtualServices, rules, services, pods, shifts] = await Promise.all(
    [VIRTUAL_SERVICE, RULE, SERVICE, POD, SHIFT].map(list),
  );
  const world: World = {
    clusterDomain,
    calls,
    virtualServices: virtualServices ?? [],
    rules: rules ?? [],
    services: services ?? [],
    pods: pods ?? [],
    shifts: (shifts ?? []) as readonly TrafficShift[],
  };
  const routed = world.virtualServices.flatMap((resource) =>
    ownRoutes(resource).map((route, index) => routeTarget(world, resource, route, index)),
  );
  const targets = routed.filter(({ versions }) => versions.length > 1);
  const covered = new Set(targets.map(({ host }) => host));
  return [...targets, ...unrouted(world, covered)].sort(
    (a, b) => Number(a.reason !== null) - Number(b.reason !== null) || a.host.localeCompare(b.host),
  );
}

function routeTarget(world: World, resource: Resource, route: VirtualServiceHttpRoute, index: number): ShiftTarget {
  const { namespace = 'default', name } = resource.metadata;
  const names: Names = { namespace, clusterDomain: world.clusterDomain };
  const destinations = (route.route ?? []).map(({ destination }) => destination);
  const versions = versionsOf(world, destinations, names);
  const [first] = destinations;
  const percents = percentsOf(route.route, versions, names);
  const field = routeField(index);
  const shift = world.shifts.find(
    (one) =>
      one.metadata.namespace === namespace &&
      one.spec?.targetRef.name === name &&
      one.status?.target?.field === field &&
      ACTIVE.includes(phaseOf(one)),
  );
  const spec = { targetRef: { kind: 'VirtualService' as const, name }, versions, steps: [] };
  return {
    namespace,
    host: first === undefined ? '' : fullHost(first.host, namespace, world.clusterDomain),
    virtualService: name,
    hosts: [...((resource.spec as VirtualServiceSpec).hosts ?? [])],
    route: index,
    routeName: route.name ?? null,
    matches: matchWords(route),
    managedBy: managedBy(resource),
    patches: versions.map((_, at) => `${field}[${at}].weight`),
    reason: cannotShift(route, spec, names, {}) ?? null,
    shift: shift === undefined ? null : `${namespace}/${shift.metadata.name}`,
    versions: versions.map((version): ShiftTargetVersion => {
      const entry = route.route?.find(({ destination }) =>
        isVersion(version, destination, namespace, names.clusterDomain),
      );
      return {
        ...versionView(world, version, names),
        weight: entry === undefined ? null : (entry.weight ?? null),
        percent: percents[version.name] ?? 0,
      };
    }),
  };
}

/** Services with several subsets that no VirtualService sends anything to. */
function unrouted(world: World, covered: ReadonlySet<string>): ShiftTarget[] {
  return world.rules.flatMap((rule): ShiftTarget[] => {
    const { namespace = 'default' } = rule.metadata;
    const names: Names = { namespace, clusterDomain: world.clusterDomain };
    const { host = '', subsets = [] } = (rule.spec as Partial<DestinationRuleSpec> | undefined) ?? {};
    const full = fullHost(host, namespace, world.clusterDomain);
    if (subsets.length < 2 || covered.has(full)) return [];
    const versions = versionsOf(world, [{ host }], names).filter(({ subset }) => subset !== undefined);
    return [
      {
        namespace,
        host: full,
        virtualService: null,
        hosts: [host],
        route: null,
        routeName: null,
        matches: [],
        managedBy: null,
        patches: [],
        reason: 'no VirtualService routes it, so that its requests go to all versions alike',
        shift: null,
        versions: versions.map((version) => ({ ...versionView(world, version, names), weight: null, percent: 0 })),
      },
    ];
  });
}

/** Where the route goes, and after them the other subsets of the same hosts. */
function versionsOf(world: World, destinations: readonly Destination[], names: Names): ShiftVersion[] {
  const named = new Set<string>();
  const found: ShiftVersion[] = [];
  const add = (host: string, subset: string | undefined, port: number | undefined) => {
    const version = { host, ...(subset === undefined ? {} : { subset }), ...(port === undefined ? {} : { port }) };
    const isThere = found.some((one) =>
      isVersion({ ...one, name: '' }, destinationLike(version), names.namespace, names.clusterDomain),
    );
    if (isThere) return;
    const base = (subset ?? host.split('.')[0] ?? 'version').toLowerCase().replaceAll(/[^a-z0-9-]/g, '-');
    let name = base;
    for (let count = 2; named.has(name); count++) name = `${base}-${count}`;
    named.add(name);
    found.push({ name, ...version });
  };
  for (const { host, subset, port } of destinations) add(host, subset, port?.number);
  for (const { host, port } of destinations) {
    const full = fullHost(host, names.namespace, names.clusterDomain);
    for (const subset of subsetsOf(world, full)) add(host, subset.name, port?.number);
  }
  return found;
}

function destinationLike({ host, subset, port }: Omit<ShiftVersion, 'name'>): Destination {
  return {
    host,
    ...(subset === undefined ? {} : { subset }),
    ...(port === undefined ? {} : { port: { number: port } }),
  };
}

function subsetsOf({ rules, clusterDomain }: World, host: string) {
  return rules.flatMap(({ metadata, spec }) => {
    const { host: ruled = '', subsets = [] } = (spec as Partial<DestinationRuleSpec> | undefined) ?? {};
    return fullHost(ruled, metadata.namespace ?? '', clusterDomain) === host ? subsets : [];
  });
}

function versionView(world: World, version: ShiftVersion, names: Names) {
  const { name, host, subset, port } = version;
  return {
    name,
    host,
    subset: subset ?? null,
    port: port ?? null,
    podsReady: podsReady(world, version, names),
    traffic: sumCalls(callsTo(version, world.calls, names)),
  };
}

/** Pods of the service that carry the labels of the subset and are ready; null when the host is no service with a selector. */
function podsReady(world: World, { host, subset }: ShiftVersion, names: Names): number | null {
  const full = fullHost(host, names.namespace, names.clusterDomain);
  const service = world.services.find(
    ({ metadata }) => fullHost(metadata.name, metadata.namespace ?? '', names.clusterDomain) === full,
  );
  const selector = (service?.spec as ServiceSpec | undefined)?.selector;
  if (service === undefined || selector === undefined) return null;
  const labels = subset === undefined ? {} : subsetsOf(world, full).find((one) => one.name === subset)?.labels;
  const wanted = Object.entries({ ...selector, ...labels });
  return world.pods.filter(({ metadata, status }) => {
    const conditions = (status as PodStatus | undefined)?.conditions ?? [];
    const isReady = conditions.some((condition) => {
      const { type, status: value } = condition as { readonly type?: string; readonly status?: string };
      return type === 'Ready' && value === 'True';
    });
    return (
      isReady &&
      metadata.namespace === service.metadata.namespace &&
      wanted.every(([label, value]) => metadata.labels?.[label] === value)
    );
  }).length;
}

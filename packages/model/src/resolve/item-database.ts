import type { Item, ItemOf } from '../model/fragment.ts';
import { fullHost, isPattern, serviceHost } from '../model/host-name.ts';
import { compareText } from '../model/item.ts';
import type { QueryEngine } from '../query/engine.ts';
import { placesOf } from './policy-places.ts';

/**
 * Which lists an item stands in. Each list is an input of its own, so that a query that reads one of them does not
 * depend on the others: that is what keeps the cost of a change independent of the size of the mesh.
 */
interface Indexes {
  readonly serviceByHost: ItemOf<'service'>;
  readonly serviceByNamespace: ItemOf<'service'>;
  /** Host of a service that wants an address. */
  readonly virtualAddress: ItemOf<'service'>;
  readonly endpointsByHost: ItemOf<'endpoints'>;
  /** `namespace/name`. */
  readonly workload: ItemOf<'workload'>;
  /** Pods that have an address. */
  readonly podByNamespace: ItemOf<'workload'>;
  /** By address. */
  readonly podByAddress: ItemOf<'workload'>;
  /** Name of the node. */
  readonly node: ItemOf<'node'>;
  /** By `routingKey`. */
  readonly routing: ItemOf<'routing'>;
  /** Full host or pattern; only routings for sidecars. */
  readonly routingByHost: ItemOf<'routing'>;
  /** `namespace/name` of the gateway. */
  readonly routingByGateway: ItemOf<'routing'>;
  readonly destinationPolicy: ItemOf<'destination-policy'>;
  readonly destinationPolicyByHost: ItemOf<'destination-policy'>;
  readonly peerPolicyByNamespace: ItemOf<'peer-policy'>;
  readonly gateway: ItemOf<'gateway'>;
  readonly trafficPolicyByNamespace: ItemOf<'traffic-policy'>;
  readonly scopingByNamespace: ItemOf<'scoping'>;
  readonly telemetryByNamespace: ItemOf<'telemetry'>;
  /** Under ''. */
  readonly meshSettings: ItemOf<'mesh-settings'>;
  readonly proxySettingsByNamespace: ItemOf<'proxy-settings'>;
  readonly patchByNamespace: ItemOf<'patch'>;
  /** `namespace/name`. */
  readonly secret: ItemOf<'secret'>;
  /** Workloads that say themselves where they are. */
  readonly workloadEntryByNamespace: ItemOf<'workload'>;
  /** By name. */
  readonly namespace: ItemOf<'namespace'>;
  /** `namespace/name`. */
  readonly authorization: ItemOf<'authorization'>;
  /** By `placesOf`. */
  readonly authorizationByPlace: ItemOf<'authorization'>;
  /** `namespace/name`. */
  readonly tokenPolicy: ItemOf<'token-policy'>;
  /** By `placesOf`. */
  readonly tokenPolicyByPlace: ItemOf<'token-policy'>;
  /** `HTTPRouteGroup namespace/name`. */
  readonly trafficSpec: ItemOf<'traffic-spec'>;
  /** `namespace/name` of the ServiceAccount it is for. */
  readonly trafficTargetByDestination: ItemOf<'traffic-target'>;
  /** `HTTPRoute namespace/name`. */
  readonly attachedRoute: ItemOf<'attached-route'>;
  /** `kind namespace/name` of a parent. */
  readonly attachedRouteByParent: ItemOf<'attached-route'>;
  /** Gateway API's, `namespace/name`; they are not in `gateway`. */
  readonly classGateway: ItemOf<'gateway'>;
  readonly gatewayClass: ItemOf<'gateway-class'>;
  readonly referenceGrantByNamespace: ItemOf<'reference-grant'>;
  /** `namespace/name` of the Service. */
  readonly backendTlsByService: ItemOf<'backend-tls'>;
  /** `namespace/name`. */
  readonly trustBundle: ItemOf<'trust-bundle'>;
}

export type IndexName = keyof Indexes;

const none: readonly never[] = Object.freeze([]);

/** The items of all fragments, by what the resolver looks for. */
export class ItemDatabase {
  readonly #clusterDomain: string;
  readonly #lists = new Map<string, Map<string, Item>>();
  readonly #keys = new Map<string, Set<string>>();
  readonly #changedLists = new Set<string>();
  readonly #changedKeys = new Set<string>();
  readonly #list;
  readonly #keyList;

  constructor(engine: QueryEngine, clusterDomain: string) {
    this.#clusterDomain = clusterDomain;
    this.#list = engine.input<readonly Item[]>(none);
    this.#keyList = engine.input<readonly string[]>(none);
  }

  /** The items under a key, in a fixed order. Recorded as a dependency when asked within a query. */
  list<N extends IndexName>(index: N, key: string): readonly Indexes[N][] {
    return this.#list(`${index}\n${key}`) as readonly Indexes[N][];
  }

  /** The keys of an index under which there is something, sorted. */
  keys(index: IndexName): readonly string[] {
    return this.#keyList(index);
  }

  /** Replaces what one resource contributes. Takes effect with `flush`, so that a batch sorts each list once. */
  replace(id: string, before: readonly Item[], after: readonly Item[]): void {
    for (const [part, item] of before.entries())
      for (const [index, key] of this.#placesOf(item)) this.#remove(index, key, partId(id, part));
    for (const [part, item] of after.entries())
      for (const [index, key] of this.#placesOf(item)) this.#add(index, key, partId(id, part), item);
  }

  flush(): void {
    for (const place of this.#changedLists) {
      const entries = [...(this.#lists.get(place) ?? [])].sort(([a], [b]) => compareText(a, b));
      this.#list.set(place, entries.length === 0 ? none : entries.map(([, item]) => item));
    }
    for (const index of this.#changedKeys)
      this.#keyList.set(index, [...(this.#keys.get(index) ?? [])].sort(compareText));
    this.#changedLists.clear();
    this.#changedKeys.clear();
  }

  #add(index: IndexName, key: string, id: string, item: Item): void {
    const place = `${index}\n${key}`;
    this.#changedLists.add(place);
    const items = this.#lists.get(place);
    if (items !== undefined) {
      items.set(id, item);
      return;
    }
    this.#lists.set(place, new Map([[id, item]]));
    this.#changedKeys.add(index);
    const keys = this.#keys.get(index);
    if (keys === undefined) this.#keys.set(index, new Set([key]));
    else keys.add(key);
  }

  #remove(index: IndexName, key: string, id: string): void {
    const place = `${index}\n${key}`;
    const items = this.#lists.get(place);
    if (items === undefined || !items.delete(id)) return;
    this.#changedLists.add(place);
    if (items.size > 0) return;
    this.#lists.delete(place);
    this.#keys.get(index)?.delete(key);
    this.#changedKeys.add(index);
  }

  #placesOf(item: Item): readonly (readonly [IndexName, string])[] {
    const own = `${item.namespace}/${item.name}`;
    switch (item.kind) {
      case 'namespace':
        return [['namespace', item.name]];
      case 'service': {
        const host = item.host ?? serviceHost(item.name, item.namespace, this.#clusterDomain);
        return [
          ['serviceByHost', host],
          ['serviceByNamespace', item.namespace],
          ...(item.wantsVirtualAddress === true ? [['virtualAddress', host] as const] : []),
        ];
      }
      case 'endpoints':
        return [['endpointsByHost', item.host ?? serviceHost(item.service, item.namespace, this.#clusterDomain)]];
      case 'workload':
        // Where a pod is comes apart from what it is: the one changes with its status, and most look at the other.
        if (item.address !== undefined)
          return [
            ['podByNamespace', item.namespace],
            ['podByAddress', item.address],
          ];
        return [
          ['workload', own],
          ...(item.entry === undefined ? [] : [['workloadEntryByNamespace', item.namespace] as const]),
        ];
      case 'node':
        return [['node', item.name]];
      case 'routing':
        return [
          ['routing', routingKey(item)],
          ...(isForMesh(item) ? item.hosts.map((host) => ['routingByHost', this.#full(host, item)] as const) : []),
          ...gatewaysOf(item).map((gateway) => ['routingByGateway', gateway] as const),
        ];
      case 'destination-policy':
        return [
          ['destinationPolicy', own],
          ['destinationPolicyByHost', this.#full(item.host, item)],
        ];
      case 'peer-policy':
        return [['peerPolicyByNamespace', item.namespace]];
      case 'gateway':
        return [[item.className === undefined ? 'gateway' : 'classGateway', own]];
      case 'traffic-policy':
        return [['trafficPolicyByNamespace', item.namespace]];
      case 'scoping':
        return [['scopingByNamespace', item.namespace]];
      case 'telemetry':
        return [['telemetryByNamespace', item.namespace]];
      case 'mesh-settings':
        return [['meshSettings', '']];
      case 'proxy-settings':
        return [['proxySettingsByNamespace', item.namespace]];
      case 'patch':
        return [['patchByNamespace', item.namespace]];
      case 'secret':
        return [['secret', own]];
      case 'authorization':
        return [['authorization', own], ...placesOf(item).map((place) => ['authorizationByPlace', place] as const)];
      case 'token-policy':
        return [['tokenPolicy', own], ...placesOf(item).map((place) => ['tokenPolicyByPlace', place] as const)];
      case 'traffic-spec':
        return [['trafficSpec', `${item.specKind} ${own}`]];
      case 'traffic-target':
        return [['trafficTargetByDestination', `${item.destination.namespace}/${item.destination.name}`]];
      case 'attached-route':
        return [
          ['attachedRoute', `${item.routeKind} ${own}`],
          ...parentsOf(item).map((parent) => ['attachedRouteByParent', parent] as const),
        ];
      case 'gateway-class':
        return [['gatewayClass', item.name]];
      case 'reference-grant':
        return [['referenceGrantByNamespace', item.namespace]];
      case 'backend-tls':
        return [...new Set(item.targets.map(({ name }) => `${item.namespace}/${name}`))].map(
          (service) => ['backendTlsByService', service] as const,
        );
      case 'trust-bundle':
        return [['trustBundle', own]];
    }
  }

  #full(host: string, item: Item): string {
    const full = fullHost(host, item.namespace, this.#clusterDomain);
    return isPattern(full) ? full : full.toLowerCase();
  }
}

/** A resource may contribute several items to one list. */
function partId(id: string, part: number): string {
  return part === 0 ? id : `${id}\n${part}`;
}

/** Under what a routing is found: a TrafficSplit may have the name of a VirtualService. */
export function routingKey({ namespace, name, isSplit }: ItemOf<'routing'>): string {
  return `${isSplit === true ? 'split ' : ''}${namespace}/${name}`;
}

/** The reserved gateway name that stands for all sidecars. */
const MESH = 'mesh';

function rulesGateways(item: ItemOf<'routing'>): readonly string[] {
  return item.gateways === undefined || item.gateways.length === 0 ? [MESH] : item.gateways;
}

export function isForMesh(item: ItemOf<'routing'>): boolean {
  return rulesGateways(item).includes(MESH);
}

/** The gateways a routing is bound to, as `namespace/name`. */
export function gatewaysOf(item: ItemOf<'routing'>): readonly string[] {
  return rulesGateways(item)
    .filter((name) => name !== MESH)
    .map((name) => fullGatewayName(name, item.namespace));
}

/** A gateway as written in a routing: without a namespace it is one beside the routing. */
export function fullGatewayName(written: string, namespace: string): string {
  return written.includes('/') ? written.replace(/^\.\//, `${namespace}/`) : `${namespace}/${written}`;
}

function parentsOf({ parents }: ItemOf<'attached-route'>): readonly string[] {
  return [...new Set(parents.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`))];
}

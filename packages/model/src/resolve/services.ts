import { byAge, isRestricted, isVisible } from '../model/item.ts';
import type { ServiceItem } from '../model/service.ts';
import type { Query, QueryEngine } from '../query/engine.ts';
import { exportToOf } from './export-to.ts';
import type { ItemDatabase } from './item-database.ts';
import { hostOfKey, namespaceOfKey, serviceKey } from './service-key.ts';
import { defineVirtualAddresses } from './virtual-addresses.ts';

export interface Services {
  /** All hosts that some service has, sorted. */
  hosts(): readonly string[];
  /** The service of a key: what all resources of one namespace say about a host, put together. */
  readonly of: Query<[key: string], ServiceItem | undefined>;
  /** The resources behind it, oldest first. */
  readonly partsOf: Query<[key: string], readonly ServiceItem[]>;
  /** Whether clients in different namespaces may see different services of this host, or none. */
  readonly varies: Query<[host: string], boolean>;
  /** The key of the service that clients in a namespace mean by a host; '' when they see none. */
  readonly keyFor: Query<[host: string, clientNamespace: string], string>;
  /** The keys of all services of a host that clients in a namespace may see, in the order of preference. */
  readonly visibleKeys: Query<[host: string, clientNamespace: string], readonly string[]>;
}

/** Made from an entry of the mesh's own (ServiceEntry), not from a Service of Kubernetes. */
export function isEntry(service: ServiceItem): boolean {
  return service.host !== undefined;
}

/**
 * Which service a host stands for. Istio documents for ServiceEntry and Sidecar: a client sees what is exported to its
 * namespace, and of several namespaces its own first, then one with a Service of Kubernetes, then the oldest. Within a
 * namespace a Service of Kubernetes is only decorated by entries for its host (`subjectAltNames`), and entries are put
 * together when they agree on everything but their ports.
 */
export function defineServices(engine: QueryEngine, items: ItemDatabase): Services {
  const virtualAddressOf = defineVirtualAddresses(engine, items);

  const varies = engine.query('serviceVaries', (host: string): boolean => {
    const all = items.list('serviceByHost', host);
    return (
      all.some(({ namespace }) => namespace !== all[0]?.namespace) ||
      all.some((service) => isRestricted(exportToOf(items, service)))
    );
  });

  const visibleKeys = engine.query('visibleServiceKeys', (host: string, client: string): readonly string[] => {
    const all = items.list('serviceByHost', host);
    const visible = all.filter((service) => isVisible(exportToOf(items, service), service.namespace, client));
    const rank = (service: ServiceItem) => (service.namespace === client ? 0 : isEntry(service) ? 2 : 1);
    const ordered = [...visible].sort((a, b) => rank(a) - rank(b) || byAge(a, b));
    const isOnlyOne = all.every(({ namespace }) => namespace === all[0]?.namespace);
    return [...new Set(ordered.map(({ namespace }) => (isOnlyOne ? host : serviceKey(host, namespace))))];
  });

  const keyFor = engine.query('serviceKeyFor', (host: string, client: string): string =>
    varies(host) ? (visibleKeys(host, client)[0] ?? '') : host,
  );

  const partsOf = engine.query('serviceParts', (key: string): readonly ServiceItem[] => {
    const all = [...items.list('serviceByHost', hostOfKey(key))].sort(byAge);
    const namespace = namespaceOfKey(key) ?? (all.find((service) => !isEntry(service)) ?? all[0])?.namespace;
    return all.filter((service) => service.namespace === namespace);
  });

  const of = engine.query('service', (key: string): ServiceItem | undefined => {
    const parts = partsOf(key);
    const service = parts.find((part) => !isEntry(part));
    const [first] = parts;
    if (first === undefined) return undefined;
    if (service !== undefined) return decorated(service, parts);
    const merged = parts.slice(1).reduce(merge, first);
    if (merged.wantsVirtualAddress !== true) return merged;
    const address = virtualAddressOf(hostOfKey(key));
    return address === '' ? merged : { ...merged, clusterIps: [address] };
  });

  return { hosts: () => items.keys('serviceByHost'), of, partsOf, varies, keyFor, visibleKeys };
}

function decorated(service: ServiceItem, parts: readonly ServiceItem[]): ServiceItem {
  const names = parts.filter(isEntry).flatMap(({ subjectAltNames }) => subjectAltNames ?? []);
  return names.length === 0 ? service : { ...service, subjectAltNames: [...new Set(names)] };
}

/** Istio adds the ports of later entries that agree with the first in everything else; others it ignores. */
function merge(first: ServiceItem, later: ServiceItem): ServiceItem {
  const subjectAltNames = [...new Set([...(first.subjectAltNames ?? []), ...(later.subjectAltNames ?? [])])];
  const added = canMerge(first, later)
    ? later.ports.filter(({ port }) => !first.ports.some((known) => known.port === port))
    : [];
  return {
    ...first,
    ports: [...first.ports, ...added],
    ...(subjectAltNames.length === 0 ? {} : { subjectAltNames }),
  };
}

function canMerge(a: ServiceItem, b: ServiceItem): boolean {
  const facts = ({ discovery, selector, exportTo }: ServiceItem) =>
    JSON.stringify([discovery ?? '', Object.entries(selector ?? {}).sort(), [...(exportTo ?? [])].sort()]);
  return facts(a) === facts(b);
}

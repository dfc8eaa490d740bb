import type { ItemOf } from '../model/fragment.ts';
import { ipFamily } from '../model/ip-address.ts';
import { selects } from '../model/labels.ts';
import type { InlineEndpoint, ServiceItem, ServicePort } from '../model/service.ts';
import { spiffeId } from '../proxy.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import type { LabelledEndpoint } from './endpoints.ts';
import { type MutualTls, modeAt } from './mutual-tls.ts';
import { hostOfKey } from './service-key.ts';
import { isEntry } from './services.ts';

type Workload = ItemOf<'workload'>;

export interface EntryEndpoints {
  /** Endpoints of a port that no EndpointSlice lists: written into entries, or selected by them and by Services. */
  readonly ofPort: Query<[key: string, portName: string], readonly LabelledEndpoint[]>;
  /** SPIFFE ids of those, and the names that entries say their servers have. */
  readonly identitiesOf: Query<[key: string], readonly string[]>;
  /** Whether connections to a service leave the mesh: none of its endpoints is a pod of it. */
  readonly isExternal: Query<[key: string], boolean>;
}

const TLS_MODE_LABEL = 'security.istio.io/tlsMode';

/** Endpoints of ServiceEntries and of WorkloadEntries, which Services and ServiceEntries select as they select pods. */
export function defineEntryEndpoints(
  { engine, items, services, settings }: ResolveContext,
  mutualTls: MutualTls,
): EntryEndpoints {
  const selected = engine.query('selectedWorkloads', (key: string, part: number): readonly Workload[] => {
    const service = services.partsOf(key)[part];
    if (service?.selector === undefined || Object.keys(service.selector).length === 0) return [];
    const { namespace, selector } = service;
    const entries = items.list('workloadEntryByNamespace', namespace);
    // Pods that a Service selects are in its EndpointSlices.
    const pods = isEntry(service) ? items.list('podByNamespace', namespace) : [];
    return [...entries, ...pods].filter(({ labels }) => selects(selector, labels));
  });

  const takesMutualTls = (namespace: string, endpoint: InlineEndpoint, port: number): boolean => {
    const mode = endpoint.labels[TLS_MODE_LABEL];
    const hasSidecar = mode === undefined ? endpoint.serviceAccount !== undefined : mode === 'istio';
    return hasSidecar && modeAt(mutualTls.modesOf(namespace, endpoint.labels), port) !== 'disable';
  };

  const ofPart = (service: ServiceItem, port: ServicePort, workloads: readonly Workload[]): LabelledEndpoint[] => {
    const inline = (service.inlineEndpoints ?? []).map((endpoint) => {
      const number = portOf(endpoint, port);
      const identity = { pod: service.name, serviceAccount: endpoint.serviceAccount ?? 'default' };
      return { endpoint, number, identity, mutualTls: takesMutualTls(service.namespace, endpoint, number) };
    });
    const instances = workloads.flatMap((workload) => {
      const endpoint = workload.entry ?? podEndpoint(workload);
      if (endpoint === undefined) return [];
      const number = portOf(endpoint, port);
      const identity = { pod: workload.name, serviceAccount: workload.serviceAccount };
      const mutual =
        workload.mutualTls && modeAt(mutualTls.modesOf(workload.namespace, workload.labels), number) !== 'disable';
      return [{ endpoint, number, identity, mutualTls: mutual }];
    });
    // Only DNS makes something of a name.
    const isKnown = ({ endpoint: { address } }: { readonly endpoint: InlineEndpoint }) =>
      service.discovery !== undefined || ipFamily(address) !== undefined;
    return [...inline, ...instances].filter(isKnown).map(({ endpoint, number, identity, mutualTls: mutual }) => ({
      labels: endpoint.labels,
      plan: {
        address: endpoint.address,
        port: number,
        weight: endpoint.weight ?? 1,
        health: 'healthy',
        mutualTls: mutual && service.location !== 'external',
        ...(endpoint.locality === undefined ? {} : { locality: endpoint.locality }),
        workload: { namespace: service.namespace, ...identity },
      },
    }));
  };

  const ofPort = engine.query('entryEndpointsOfPort', (key: string, portName: string): readonly LabelledEndpoint[] =>
    services.partsOf(key).flatMap((service, part) => {
      const port = service.ports.find(({ name, transport }) => name === portName && transport === 'TCP');
      return port === undefined ? [] : ofPart(service, port, selected(key, part));
    }),
  );

  const identitiesOf = engine.query('entryIdentities', (key: string): readonly string[] => {
    const accounts = services.partsOf(key).flatMap((service, part) => {
      const inline = (service.inlineEndpoints ?? []).flatMap(({ serviceAccount }) => serviceAccount ?? []);
      const named = selected(key, part).flatMap(({ entry, serviceAccount }) =>
        entry === undefined || entry.serviceAccount !== undefined ? [serviceAccount] : [],
      );
      return [...inline, ...named].map((serviceAccount) =>
        spiffeId({ trustDomain: settings.trustDomain, namespace: service.namespace, serviceAccount }),
      );
    });
    return [...new Set([...accounts, ...(services.of(key)?.subjectAltNames ?? [])])];
  });

  const isExternal = engine.query('isExternal', (key: string): boolean => {
    const parts = services.partsOf(key);
    // Of a Service, when no pod is behind it but workloads that say themselves where they are.
    if (parts.some((service) => !isEntry(service))) {
      const slices = items.list('endpointsByHost', hostOfKey(key));
      const entries = parts.flatMap((_, part) => selected(key, part));
      return entries.length > 0 && !entries.some(isAttached) && slices.every(({ endpoints }) => endpoints.length === 0);
    }
    if (parts.some((_, part) => selected(key, part).some(isAttached))) return false;
    const addresses = parts.flatMap((service, part) => [
      ...(service.inlineEndpoints ?? []).map(({ address }) => address),
      ...selected(key, part).flatMap(({ entry, address }) => entry?.address ?? address ?? []),
    ]);
    return !addresses.some((address) => items.list('podByAddress', address).length > 0);
  });

  return { ofPort, identitiesOf, isExternal };
}

function isAttached(workload: Workload): boolean {
  return workload.isAttached === true;
}

/** As Istio documents WorkloadEntry `ports`: the map decides over the target port, the target port over the service's. */
function portOf(endpoint: InlineEndpoint, port: ServicePort): number {
  const named =
    endpoint.ports[port.name] ?? (typeof port.targetPort === 'string' ? endpoint.ports[port.targetPort] : undefined);
  return named ?? (typeof port.targetPort === 'number' ? port.targetPort : port.port);
}

function podEndpoint({ address, labels, locality, origin }: Workload): InlineEndpoint | undefined {
  if (address === undefined) return undefined;
  return { address, ports: {}, labels, ...(locality === undefined ? {} : { locality }), origin };
}

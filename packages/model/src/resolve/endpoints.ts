import type { ItemOf } from '../model/fragment.ts';
import { compareText } from '../model/item.ts';
import type { Endpoint } from '../model/service.ts';
import type { EndpointPlan } from '../plan.ts';
import { spiffeId } from '../proxy.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import { defineEntryEndpoints } from './entry-endpoints.ts';
import { type MutualTls, modeAt } from './mutual-tls.ts';
import { hostOfKey } from './service-key.ts';
import { nodeLocality, workloadLocality } from './workload-locality.ts';

/** An endpoint together with what subsets look at. */
export interface LabelledEndpoint {
  readonly labels: Readonly<Record<string, string>>;
  readonly plan: EndpointPlan;
}

export interface Endpoints {
  /** Those of one port of a service that may get traffic, by address. */
  readonly ofPort: Query<[host: string, portName: string], readonly LabelledEndpoint[]>;
  /** SPIFFE ids of all workloads behind a service, sorted. */
  readonly identitiesOf: Query<[host: string], readonly string[]>;
  /** Whether a sidecar stands before every workload of the service, ready or not. */
  readonly allTakeMutualTls: Query<[host: string], boolean>;
  /** Whether connections to a service leave the mesh. */
  readonly isExternal: Query<[host: string], boolean>;
  /** Addresses that names of a headless service stand for: '' for the service, else the host name of an endpoint. */
  readonly namesOf: Query<[host: string], readonly { readonly name: string; readonly addresses: readonly string[] }[]>;
}

export function defineEndpoints(context: ResolveContext, mutualTls: MutualTls): Endpoints {
  const { engine, items, services, settings } = context;
  const workloadOf = (slice: ItemOf<'endpoints'>, endpoint: Endpoint): ItemOf<'workload'> | undefined =>
    endpoint.pod === undefined ? undefined : items.list('workload', `${slice.namespace}/${endpoint.pod}`)[0];
  const localityOf = (endpoint: Endpoint, workload: ItemOf<'workload'> | undefined): string | undefined =>
    workloadLocality(items, workload) ??
    (endpoint.node === undefined ? undefined : nodeLocality(items, endpoint.node)) ??
    endpoint.locality;
  const slicesOf = (host: string) => {
    const namespace = services.of(host)?.namespace;
    return items.list('endpointsByHost', hostOfKey(host)).filter((slice) => slice.namespace === namespace);
  };
  const publishesAll = (host: string) => services.of(host)?.publishNotReadyAddresses ?? false;

  const ofEntries = defineEntryEndpoints(context, mutualTls);

  const ofPort = engine.query('endpointsOfPort', (host: string, portName: string): readonly LabelledEndpoint[] => {
    const found = new Map<string, LabelledEndpoint>();
    const all = publishesAll(host);
    for (const slice of slicesOf(host)) {
      for (const { port } of slice.ports.filter(({ name, transport }) => name === portName && transport === 'TCP')) {
        for (const endpoint of slice.endpoints) {
          const health = healthOf(endpoint, all);
          // While slices are rebalanced an endpoint may stand in two of them.
          if (health === undefined || found.has(`${endpoint.address} ${port}`)) continue;
          const workload = workloadOf(slice, endpoint);
          const locality = localityOf(endpoint, workload);
          const takesMutualTls =
            workload?.mutualTls === true &&
            modeAt(mutualTls.modesOf(workload.namespace, workload.labels), port) !== 'disable';
          found.set(`${endpoint.address} ${port}`, {
            labels: workload?.labels ?? {},
            plan: {
              address: endpoint.address,
              port,
              weight: 1,
              health,
              mutualTls: takesMutualTls,
              ...(locality === undefined ? {} : { locality }),
              ...(workload === undefined
                ? {}
                : {
                    workload: {
                      namespace: workload.namespace,
                      pod: workload.name,
                      serviceAccount: workload.serviceAccount,
                    },
                  }),
            },
          });
        }
      }
    }
    for (const endpoint of ofEntries.ofPort(host, portName)) {
      found.set(`${endpoint.plan.address} ${endpoint.plan.port}`, endpoint);
    }
    // By address, since the order of slices and within them means nothing and changes when they are rebalanced.
    return [...found.entries()].sort(([a], [b]) => compareText(a, b)).map(([, endpoint]) => endpoint);
  });

  // Not ready endpoints count too: a cluster must not change, and drop its connections, because a probe failed.
  const identitiesOf = engine.query('identitiesOf', (host: string): readonly string[] => {
    const ids = new Set<string>();
    for (const slice of slicesOf(host)) {
      for (const endpoint of slice.endpoints) {
        const workload = workloadOf(slice, endpoint);
        if (workload !== undefined) ids.add(spiffeId({ trustDomain: settings.trustDomain, ...identity(workload) }));
      }
    }
    for (const id of ofEntries.identitiesOf(host)) ids.add(id);
    return [...ids].sort(compareText);
  });

  const allTakeMutualTls = engine.query('allTakeMutualTls', (host: string): boolean => {
    const all = slicesOf(host).flatMap((slice) => slice.endpoints.map((endpoint) => workloadOf(slice, endpoint)));
    return all.length > 0 && all.every((workload) => workload?.mutualTls === true);
  });

  const namesOf = engine.query('namesOf', (host: string) => {
    const names = new Map<string, Set<string>>();
    const all = publishesAll(host);
    for (const slice of slicesOf(host)) {
      for (const endpoint of slice.endpoints) {
        if (!endpoint.ready && !all) continue;
        for (const name of endpoint.hostname === undefined ? [''] : ['', endpoint.hostname]) {
          const addresses = names.get(name) ?? new Set();
          names.set(name, addresses.add(endpoint.address));
        }
      }
    }
    return [...names]
      .sort(([a], [b]) => compareText(a, b))
      .map(([name, addresses]) => ({ name, addresses: [...addresses].sort(compareText) }));
  });

  return { ofPort, identitiesOf, allTakeMutualTls, namesOf, isExternal: ofEntries.isExternal };
}

/** Undefined: gets no traffic. Terminating endpoints that still serve finish what they have (Kubernetes KEP-1669). */
function healthOf(endpoint: Endpoint, publishNotReady: boolean): EndpointPlan['health'] | undefined {
  if (endpoint.ready || publishNotReady) return 'healthy';
  return endpoint.serving && endpoint.terminating ? 'draining' : undefined;
}

function identity({ namespace, serviceAccount }: ItemOf<'workload'>) {
  return { namespace, serviceAccount };
}

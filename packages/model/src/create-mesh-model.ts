import { keyOf, keyText, type Resource } from '@meshwise/resources';
import type { MeshModel, ResourceChange } from './mesh-model.ts';
import type { CertificateInspector } from './model/certificate-inspector.ts';
import type { Fragment, MeshDefaults, MeshReader } from './model/fragment.ts';
import { compareText } from './model/item.ts';
import type { MeshSettings } from './model/settings.ts';
import type { GatewayPlan, InboundPlan } from './plan.ts';
import type { Residue } from './provenance.ts';
import type { ProxyDescriptor } from './proxy.ts';
import { QueryEngine, type QueryStatistics } from './query/engine.ts';
import { defineBackendTls } from './resolve/backend-tls.ts';
import { defineClaimResidues } from './resolve/claim-residues.ts';
import { defineClassGatewayQueries } from './resolve/class-gateway-queries.ts';
import { defineClassResidues } from './resolve/class-residues.ts';
import { defineClientPlaces } from './resolve/client-place.ts';
import { defineClusters } from './resolve/clusters.ts';
import { defineCollectors } from './resolve/collectors.ts';
import { defineDelegates } from './resolve/delegates.ts';
import { defineDestinationPolicies } from './resolve/destination-policies.ts';
import { defineDestinationPolicyResidues } from './resolve/destination-policy-residues.ts';
import { defineDestinations } from './resolve/destinations.ts';
import { defineEndpoints } from './resolve/endpoints.ts';
import { defineEntryResidues } from './resolve/entry-residues.ts';
import { defineGatewayResidues } from './resolve/gateway-residues.ts';
import { defineGatewayStatuses } from './resolve/gateway-statuses.ts';
import { defineGateways, gatewayView } from './resolve/gateways.ts';
import { inboundOf } from './resolve/inbound.ts';
import { ItemDatabase } from './resolve/item-database.ts';
import { defineMutualTls } from './resolve/mutual-tls.ts';
import { defineOutbound } from './resolve/outbound.ts';
import { definePatches } from './resolve/patches.ts';
import { pathNormalizationOf } from './resolve/path-normalization.ts';
import { defineResolutionResidues } from './resolve/residues.ts';
import { byResource } from './resolve/residues-by-resource.ts';
import { defineRouteParents } from './resolve/route-parents.ts';
import { scopeText, type VariantSource } from './resolve/scope.ts';
import { defineScopings } from './resolve/scoping.ts';
import { defineScopingResidues } from './resolve/scoping-residues.ts';
import { defineSecurityQueries } from './resolve/security-queries.ts';
import { defineSecurityResidues } from './resolve/security-residues.ts';
import { defineServiceAttachments } from './resolve/service-attachments.ts';
import { defineServiceRoutes } from './resolve/service-routes.ts';
import { defineServices } from './resolve/services.ts';
import { defineStatuses } from './resolve/statuses.ts';
import { defineTelemetries } from './resolve/telemetry.ts';
import { telemetryProviders } from './resolve/telemetry-providers.ts';
import { defineTelemetryResidues } from './resolve/telemetry-residues.ts';
import { defineTrafficPolicies } from './resolve/traffic-policies.ts';
import { defineTrafficTargetResidues } from './resolve/traffic-target-residues.ts';
import { defineVirtualHosts } from './resolve/virtual-hosts.ts';

export interface MeshModelOptions {
  /** The reading sides of the meshes; defaults of earlier ones win over those of later ones. */
  readonly readers: readonly MeshReader[];
  /** First part of SPIFFE ids. Default `cluster.local`, as in Istio. */
  readonly trustDomain?: string;
  /** Namespace whose policies hold for the whole mesh. Default `istio-system`. */
  readonly rootNamespace?: string;
  /** Suffix of service names. Default `cluster.local`. */
  readonly clusterDomain?: string;
  /** Looks whether certificates of Secrets can be used. Default: all count as usable. */
  readonly certificates?: CertificateInspector;
}

/** A mesh model with what tests and measurements look at. */
export interface ObservableMeshModel extends MeshModel {
  statistics(): QueryStatistics;
}

/** Scopes without a proxy (simulation, comparisons) that stay computed. */
const KEPT_ORPHANS = 8;

/** The Model over an engine of memoised queries: reads resources into fragments, answers with plans. */
export function createMeshModel(options: MeshModelOptions): ObservableMeshModel {
  const settings: MeshSettings = {
    trustDomain: options.trustDomain ?? 'cluster.local',
    rootNamespace: options.rootNamespace ?? 'istio-system',
    clusterDomain: options.clusterDomain ?? 'cluster.local',
    defaults: Object.assign({}, ...options.readers.map(({ defaults }) => defaults).reverse()) as MeshDefaults,
    ...(options.certificates === undefined ? {} : { certificates: options.certificates }),
  };
  const engine = new QueryEngine();
  const items = new ItemDatabase(engine, settings.clusterDomain);
  const limits = defineTrafficPolicies({ engine, items });
  const context = { engine, items, services: defineServices(engine, items), settings, limits };

  const mutualTls = defineMutualTls(context);
  const endpoints = defineEndpoints(context, mutualTls);
  const policies = defineDestinationPolicies(context);
  const places = defineClientPlaces(context, policies);
  const backendTls = defineBackendTls(context);
  const clusters = defineClusters(context, endpoints, policies, backendTls);
  const delegates = defineDelegates(context);
  const destinations = defineDestinations(context, policies, delegates);
  const scopings = defineScopings(context);
  const serviceRoutes = defineServiceRoutes(context);
  const virtualHosts = defineVirtualHosts(context, policies, destinations, scopings, serviceRoutes);
  const served = defineClassGatewayQueries(context, destinations);
  const gateways = defineGateways(context, {
    ...{ destinations, clusters, policies },
    ...{ classGateways: served.gateways, classPlans: served.plans },
  });
  const patches = definePatches(context);
  const providers = telemetryProviders(context);
  const telemetries = defineTelemetries(context, providers);
  const telemetryResidues = defineTelemetryResidues(context, providers);
  const { authorizers, authentication, securities } = defineSecurityQueries(context);
  const outbound = defineOutbound(context, {
    telemetries,
    collectors: defineCollectors(context, [providers, authorizers], { clusters, policies, places }),
    endpoints,
    policies,
    places,
    clusters,
    virtualHosts,
    destinations,
    gateways,
    patches,
    scopings,
    serviceRoutes,
  });
  const serviceAttachments = defineServiceAttachments(context, serviceRoutes);
  const routingParts = { destinations, delegates, virtualHosts, serviceAttachments };
  const resolutionResidues = defineResolutionResidues(context, routingParts, mutualTls);

  const fragments = new Map<string, Fragment>();
  const fragmentResidues = engine.input<readonly Residue[]>([]);
  const residueKeys = engine.input<readonly string[]>([]);
  const remarked = new Set<string>();
  const proxyInput = engine.input<ProxyDescriptor | undefined>(undefined);
  const proxyIds = engine.input<readonly string[]>([]);
  const known = new Set<string>();

  const proxyOf = (id: string): ProxyDescriptor => {
    const proxy = proxyInput(id);
    if (proxy === undefined) throw new RangeError(`No such proxy: ${id}`);
    return proxy;
  };
  const proxies = engine.query('proxies', () => proxyIds('').map(proxyOf));
  const scopingResidues = defineScopingResidues(context, scopings, proxies);
  const entryResidues = defineEntryResidues(context);
  const gatewayResidues = defineGatewayResidues(context, gateways, proxies);
  const classParts = { ...served, destinations, backendTls, policies };
  const classResidues = defineClassResidues(context, classParts);
  const statuses = defineStatuses(context, {
    ...classParts,
    routeParents: defineRouteParents(context, {
      ...classParts,
      serviceAttachments,
    }),
    gatewayStatus: defineGatewayStatuses(context, { ...classParts, proxies }),
    remarks: (key) => fragmentResidues(key),
  });
  const policyResidues = defineDestinationPolicyResidues(context, proxies);
  const securityResidues = defineSecurityResidues(context, {
    securities,
    authorizers,
    authentication,
    mutualTls,
    proxies,
  });
  const claimResidues = defineClaimResidues(context, securities, proxies);
  const trafficTargetResidues = defineTrafficTargetResidues(context, proxies);
  /** What tells proxies of one namespace apart, each source in its own file. */
  const variants: readonly VariantSource[] = [
    policies.variant,
    ...places.variants,
    scopings.variant,
    patches.variant,
    telemetries.variant,
  ];
  const scopeOf = engine.query('scopeOf', (id: string) =>
    scopeText(proxyOf(id), virtualHosts.sourceLabelKeys(), variants),
  );
  const serverTelemetry = (proxy: ProxyDescriptor): Pick<InboundPlan, 'telemetry'> => {
    if (proxy.role === 'node') return {};
    const telemetry = telemetries.planFor('server', proxy.namespace, telemetries.variant.of(proxy));
    return telemetry === undefined ? {} : { telemetry };
  };
  const inbound = engine.query('inbound', (id: string): readonly InboundPlan[] => {
    const proxy = proxyOf(id);
    const own = patches.ofScope(scopeOf(id), 'own');
    return proxy.workloads.map((workload) => ({
      ...inboundOf(context, { mutualTls, scopings }, proxy, workload),
      ...serverTelemetry(proxy),
      ...pathNormalizationOf(context),
      ...securities.of(proxy, workload),
      ...(own === undefined ? {} : { patches: own }),
    }));
  });
  const gateway = engine.query('gateway', (id: string): GatewayPlan => {
    const proxy = proxyOf(id);
    const { role, namespace, labels } = proxy;
    if (role !== 'gateway') return { servers: [] };
    const selected = policies.variant.of(proxy);
    const variant = selected === '' ? {} : { [policies.variant.key]: selected };
    const telemetry = telemetries.planFor('client', namespace, telemetries.variant.of(proxy));
    const plan = {
      ...gateways.planFor(gatewayView(namespace, labels, variant)),
      ...limits.functions(),
      ...pathNormalizationOf(context),
      ...(telemetry === undefined ? {} : { telemetry }),
      ...securities.of(proxy),
    };
    const own = patches.ofScope(scopeOf(id), 'own');
    return own === undefined ? plan : { ...plan, patches: own };
  });
  const residueList = engine.query('residueList', () => {
    const all = [
      ...residueKeys('').flatMap((id) => fragmentResidues(id)),
      ...resolutionResidues(),
      ...limits.residues(),
      ...gatewayResidues(),
      ...classResidues(),
      ...scopingResidues(),
      ...entryResidues(),
      ...policyResidues(),
      ...securityResidues(),
      ...claimResidues(),
      ...trafficTargetResidues(),
      ...telemetryResidues(),
    ];
    return byResource(all);
  });
  // A Map of its own query: it is made anew only when the list, which the engine compares, has changed.
  const residues = engine.query(
    'residues',
    (): ReadonlyMap<string, readonly Residue[]> => new Map(residueList().map(({ id, residues }) => [id, residues])),
  );

  const setFragment = (id: string, after: Fragment | undefined) => {
    items.replace(id, fragments.get(id)?.items ?? [], after?.items ?? []);
    if (after === undefined) fragments.delete(id);
    else fragments.set(id, after);
    fragmentResidues.set(id, after?.residues ?? []);
    if ((after?.residues.length ?? 0) > 0) remarked.add(id);
    else remarked.delete(id);
  };
  const publishProxies = () => {
    proxyIds.set('', [...known].sort(compareText));
    tidy();
  };
  // Scopes stay computed as long as a proxy has them; of the others, those that were asked for last.
  const askedScopes = new Set<string>();
  const tidy = () => {
    if (!engine.isCollectionDue()) return;
    const needed = new Set([...known].map((id) => scopeOf(id)));
    const orphans = [...askedScopes].filter((scope) => !needed.has(scope));
    for (const scope of orphans.slice(0, -KEPT_ORPHANS)) {
      askedScopes.delete(scope);
      outbound.forget(scope);
    }
    engine.collect();
  };

  return {
    update(changes: readonly ResourceChange[]) {
      for (const change of changes) {
        if (change.type === 'delete') setFragment(keyText(change.key), undefined);
        else setFragment(keyText(keyOf(change.resource)), read(options.readers, change.resource));
      }
      items.flush();
      residueKeys.set('', [...remarked].sort(compareText));
      tidy();
    },
    setProxy(proxy) {
      // A copy, since everything the engine holds is frozen and the caller's object is the caller's.
      proxyInput.set(proxy.id, structuredClone(proxy));
      if (known.has(proxy.id)) return;
      known.add(proxy.id);
      publishProxies();
    },
    removeProxy(id) {
      known.delete(id);
      publishProxies();
      proxyInput.delete(id);
      for (const query of [scopeOf, inbound, gateway]) query.forget(id);
    },
    proxies: () => proxies(),
    scopeOf: (id) => scopeOf(id),
    outbound(scope) {
      askedScopes.delete(scope);
      askedScopes.add(scope);
      return outbound(scope);
    },
    inbound: (id) => inbound(id),
    gateway: (id) => gateway(id),
    globalRateLimitRules: () => limits.globalRules(),
    keySources: () => authentication.keySources(),
    setKeySet(id, keys, problem) {
      authentication.keySets.set(id, {
        ...(keys === undefined ? {} : { keys }),
        ...(problem === undefined ? {} : { problem }),
      });
    },
    residues: () => residues(),
    statuses: () => statuses(),
    statistics: () => engine.statistics(),
  };
}

/** What all readers make of a resource; undefined when none of them knows it. */
function read(readers: readonly MeshReader[], resource: Resource): Fragment | undefined {
  const fragments = readers.flatMap((reader) => reader.read(resource) ?? []);
  if (fragments.length <= 1) return fragments[0];
  return { items: fragments.flatMap(({ items }) => items), residues: fragments.flatMap(({ residues }) => residues) };
}

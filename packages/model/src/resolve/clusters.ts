import type { ItemOf } from '../model/fragment.ts';
import { selects } from '../model/labels.ts';
import type { ServicePort } from '../model/service.ts';
import type { ClusterPlan, EndpointsPlan, HealthCheck, Protocol, SecretPlan } from '../plan.ts';
import type { Origin } from '../provenance.ts';
import type { Query } from '../query/engine.ts';
import { defined } from '../reading/defined.ts';
import type { BackendTls } from './backend-tls.ts';
import { placeOf } from './client-place.ts';
import type { ResolvedTls } from './client-tls.ts';
import { defineClusterTls, type TlsTarget } from './cluster-tls.ts';
import type { ResolveContext } from './context.ts';
import type { DestinationPolicies } from './destination-policies.ts';
import type { Endpoints, LabelledEndpoint } from './endpoints.ts';
import {
  balanceLocalities,
  type LocalityUse,
  localityOfMesh,
  localityUse,
  weighsLocalities,
} from './locality-balancing.ts';
import { outboundCluster } from './names.ts';
import { hostOfKey } from './service-key.ts';
import type { PortSettings } from './traffic-settings.ts';

/** `view` is what `DestinationPolicies.viewOf` answered for the host, `place` what `ClientPlaces.viewOf` did. */
export interface Clusters {
  /** For each TCP port of the service: one for all endpoints and one per subset. */
  readonly ofHost: Query<[host: string, view: string], readonly ClusterPlan[]>;
  readonly endpointsOfHost: Query<[host: string, view: string, place: string], readonly EndpointsPlan[]>;
  /** The Secrets that the clusters name. */
  readonly secretsOfHost: Query<[host: string, view: string], readonly SecretPlan[]>;
  /** For proxies that stand for workloads outside the mesh: plain TCP and no subsets. */
  readonly plainOfHost: Query<[host: string], readonly ClusterPlan[]>;
  readonly plainEndpointsOfHost: Query<[host: string], readonly EndpointsPlan[]>;
}

export function tcpPorts(service: ItemOf<'service'> | undefined): readonly ServicePort[] {
  return service?.ports.filter(({ transport }) => transport === 'TCP') ?? [];
}

/** One port of a service for one kind of clients: all endpoints, or those of a subset. */
interface Target extends TlsTarget {
  readonly labels: Readonly<Record<string, string>>;
  readonly origin: Origin;
}

export function defineClusters(
  context: ResolveContext,
  endpoints: Endpoints,
  policies: DestinationPolicies,
  backendTls: BackendTls,
): Clusters {
  const { engine, items, services, settings } = context;
  const portsOf = (host: string) => tcpPorts(services.of(host));
  const ofMesh = () => items.list('meshSettings', '')[0];

  const targetsOf = (host: string, view: string): readonly Target[] => {
    const subsets = policies.effective(host, view)?.subsets ?? [];
    return portsOf(host).flatMap((port): readonly Target[] => {
      const of = (subset: string) => ({
        host,
        port,
        view,
        settings: policies.settingsOf(host, port.port, subset, view),
      });
      return [
        { ...of(''), labels: {}, origin: port.origin },
        ...subsets.map(({ name, labels, origin }) => ({ ...of(name), subset: name, labels, origin })),
      ];
    });
  };

  const tlsOf = defineClusterTls(context, endpoints, policies, backendTls);

  const clusterOf = (target: Target): ClusterPlan => {
    const { host, port, subset, settings: chosen, origin } = target;
    const { loadBalancer: balancer, connectionPool: pool } = chosen;
    const service = services.of(host);
    const limits = service === undefined ? {} : context.limits.ofService(service.namespace, service.name, port.port);
    const retryBudget = chosen.retryBudget ?? limits.retryBudget;
    const algorithm = balancer?.algorithm ?? settings.defaults.loadBalancer;
    const resolved = tlsOf(target);
    const discovery = discoveryOf(target, resolved);
    return defined({
      name: outboundCluster(port.port, subset, host),
      host: hostOfKey(host),
      port: port.port,
      subset,
      protocol: port.protocol,
      tls: 'tls' in resolved ? resolved.tls : ({ mode: 'plain' } as const),
      discovery,
      ...placeOfEndpoints(target, discovery),
      connectTimeoutMs: chosen.connectTimeoutMs ?? ofMesh()?.connectTimeoutMs ?? settings.defaults.connectTimeoutMs,
      loadBalancer: algorithm === 'passthrough' ? undefined : algorithm,
      ring: balancer?.ring,
      warmup: balancer?.warmup,
      connectionPool: retryBudget === undefined ? pool : { ...pool, retryBudget },
      outlierDetection: chosen.outlierDetection,
      healthCheck: checkable(limits.healthCheck, port.protocol, pool?.upgradesToHttp2),
      weighsLocalities: weighsLocalities(useOf(chosen)) ? true : undefined,
      proxyProtocol: chosen.proxyProtocol,
      tunnel: chosen.tunnel,
      origin,
    });
  };

  /** TLS that cannot be carried out has no endpoints at all: 503 for the client, rather than plain text on the wire. */
  const discoveryOf = ({ host, settings: chosen }: Target, tls: ResolvedTls): ClusterPlan['discovery'] => {
    if ('problem' in tls) return undefined;
    return chosen.loadBalancer?.algorithm === 'passthrough' ? 'original-destination' : services.of(host)?.discovery;
  };

  /** Endpoints that are not the Plan's, and whether they are in the mesh's network at all. */
  const placeOfEndpoints = ({ host, port, labels, settings: chosen }: Target, discovery: ClusterPlan['discovery']) => {
    const isDns = discovery === 'strict-dns' || discovery === 'logical-dns';
    const named = isDns ? endpoints.ofPort(host, port.name).filter((one) => selects(labels, one.labels)) : undefined;
    return {
      inlineEndpoints:
        discovery === 'logical-dns' ? named?.slice(0, 1).map(({ plan }) => plan) : named?.map(({ plan }) => plan),
      portOverride:
        discovery === 'original-destination' &&
        typeof port.targetPort === 'number' &&
        port.targetPort !== port.port &&
        chosen.loadBalancer?.algorithm !== 'passthrough'
          ? port.targetPort
          : undefined,
      isExternal: endpoints.isExternal(host) ? true : undefined,
    };
  };

  const useOf = (chosen: PortSettings): LocalityUse => localityUse(chosen, localityOfMesh(context));

  const ofHost = engine.query('clustersOfHost', (host: string, view: string): readonly ClusterPlan[] =>
    targetsOf(host, view).map(clusterOf),
  );

  const secretsOfHost = engine.query('secretsOfHost', (host: string, view: string): readonly SecretPlan[] =>
    targetsOf(host, view).flatMap((target) => {
      const resolved = tlsOf(target);
      return 'tls' in resolved ? resolved.secrets : [];
    }),
  );

  const endpointsOf = (target: Target, place: string): EndpointsPlan => {
    const { host, port, subset, labels, settings: chosen } = target;
    const cluster = outboundCluster(port.port, subset, host);
    if ('problem' in tlsOf(target)) return { cluster, endpoints: [] };
    const own = endpoints.ofPort(host, port.name).filter((endpoint) => selects(labels, endpoint.labels));
    return { cluster, ...balanceLocalities(usable(own, chosen), useOf(chosen), placeOf(place)) };
  };

  const endpointsOfHost = engine.query(
    'endpointsOfHost',
    (host: string, view: string, place: string): readonly EndpointsPlan[] =>
      targetsOf(host, view)
        .filter((target) => discoveryOf(target, tlsOf(target)) === undefined)
        .map((target) => endpointsOf(target, place)),
  );

  const plainTargets = (host: string): readonly Target[] =>
    portsOf(host).map((port) => ({
      host,
      port: { ...port, protocol: 'tcp' },
      labels: {},
      settings: { tls: { mode: 'plain' } },
      view: '',
      origin: port.origin,
    }));
  const plainOfHost = engine.query('plainClustersOfHost', (host: string): readonly ClusterPlan[] =>
    plainTargets(host).map(clusterOf),
  );
  const plainEndpointsOfHost = engine.query('plainEndpointsOfHost', (host: string): readonly EndpointsPlan[] =>
    plainTargets(host).map((target) => endpointsOf(target, '')),
  );

  return { ofHost, endpointsOfHost, secretsOfHost, plainOfHost, plainEndpointsOfHost };
}

/** When too few endpoints are healthy a proxy with `minHealthPercent` uses all it knows; it must not know ill ones then. */
function usable(
  endpoints: readonly LabelledEndpoint[],
  { outlierDetection }: PortSettings,
): readonly LabelledEndpoint[] {
  if ((outlierDetection?.minHealthPercent ?? 0) === 0) return endpoints;
  return endpoints.filter(({ plan }) => plan.health === 'healthy');
}

/** A gRPC health check needs HTTP/2; on other ports the proxy would refuse the whole cluster. */
function checkable(
  check: HealthCheck | undefined,
  protocol: Protocol,
  upgradesToHttp2: boolean | undefined,
): HealthCheck | undefined {
  if (check?.kind !== 'grpc') return check;
  return protocol === 'grpc' || protocol === 'http2' || upgradesToHttp2 === true ? check : undefined;
}

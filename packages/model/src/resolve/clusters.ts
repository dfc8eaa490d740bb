import type { ItemOf } from '../model/fragment.ts';
import { selects } from '../model/labels.ts';
import type { TrafficSettings } from '../model/policy.ts';
import type { ServicePort } from '../model/service.ts';
import type { ClusterPlan, EndpointsPlan, UpstreamTls } from '../plan.ts';
import type { Origin } from '../provenance.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import type { DestinationPolicies } from './destination-policies.ts';
import type { Endpoints } from './endpoints.ts';
import { outboundCluster, outboundServerName } from './names.ts';

/** `view` is what `DestinationPolicies.viewOf` answered for the host. */
export interface Clusters {
  /** For each TCP port of the service: one for all endpoints and one per subset. */
  readonly ofHost: Query<[host: string, view: string], readonly ClusterPlan[]>;
  readonly endpointsOfHost: Query<[host: string, view: string], readonly EndpointsPlan[]>;
  /** For proxies that stand for workloads outside the mesh: plain TCP and no subsets. */
  readonly plainOfHost: Query<[host: string], readonly ClusterPlan[]>;
  readonly plainEndpointsOfHost: Query<[host: string], readonly EndpointsPlan[]>;
}

export function tcpPorts(service: ItemOf<'service'> | undefined): readonly ServicePort[] {
  return service?.ports.filter(({ transport }) => transport === 'TCP') ?? [];
}

export function defineClusters(
  { engine, items, settings }: ResolveContext,
  endpoints: Endpoints,
  policies: DestinationPolicies,
): Clusters {
  const portsOf = (host: string) => tcpPorts(items.list('serviceByHost', host)[0]);

  const tlsOf = (mode: TrafficSettings['tls'], host: string, port: number, subset: string | undefined): UpstreamTls => {
    if (mode?.mode === 'plain') return { mode: 'plain' };
    return {
      mode: mode?.mode === 'mutual' ? 'mutual' : 'auto',
      subjectAltNames: endpoints.identitiesOf(host),
      serverName: outboundServerName(port, subset, host),
    };
  };

  const clusterOf = (
    host: string,
    port: ServicePort,
    subset: string | undefined,
    chosen: TrafficSettings,
    origin: Origin,
  ): ClusterPlan => {
    const connectTimeoutMs = chosen.connectTimeoutMs ?? settings.defaults.connectTimeoutMs;
    const algorithm = chosen.loadBalancer?.algorithm ?? settings.defaults.loadBalancer;
    const loadBalancer = algorithm === 'passthrough' ? undefined : algorithm;
    return {
      name: outboundCluster(port.port, subset, host),
      host,
      port: port.port,
      ...(subset === undefined ? {} : { subset }),
      protocol: port.protocol,
      tls: tlsOf(chosen.tls, host, port.port, subset),
      ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
      ...(loadBalancer === undefined ? {} : { loadBalancer }),
      origin,
    };
  };

  const ofHost = engine.query('clustersOfHost', (host: string, view: string): readonly ClusterPlan[] => {
    const policy = policies.effective(host, view);
    return portsOf(host).flatMap((port) => [
      clusterOf(host, port, undefined, policy?.settings ?? {}, port.origin),
      ...(policy?.subsets ?? []).map((subset) =>
        clusterOf(host, port, subset.name, { ...policy?.settings, ...subset.settings }, subset.origin),
      ),
    ]);
  });

  const endpointsOf = (host: string, port: ServicePort, subset: string | undefined, labels: Labels): EndpointsPlan => ({
    cluster: outboundCluster(port.port, subset, host),
    endpoints: endpoints
      .ofPort(host, port.name)
      .filter((endpoint) => selects(labels, endpoint.labels))
      .map(({ plan }) => plan),
  });

  const endpointsOfHost = engine.query('endpointsOfHost', (host: string, view: string): readonly EndpointsPlan[] => {
    const subsets = policies.effective(host, view)?.subsets ?? [];
    return portsOf(host).flatMap((port) => [
      endpointsOf(host, port, undefined, {}),
      ...subsets.map((subset) => endpointsOf(host, port, subset.name, subset.labels)),
    ]);
  });

  const plainOfHost = engine.query('plainClustersOfHost', (host: string): readonly ClusterPlan[] =>
    portsOf(host).map((port) => {
      const plainPort: ServicePort = { ...port, protocol: 'tcp' };
      return clusterOf(host, plainPort, undefined, { tls: { mode: 'plain' } }, port.origin);
    }),
  );

  const plainEndpointsOfHost = engine.query('plainEndpointsOfHost', (host: string): readonly EndpointsPlan[] =>
    portsOf(host).map((port) => endpointsOf(host, port, undefined, {})),
  );

  return { ofHost, endpointsOfHost, plainOfHost, plainEndpointsOfHost };
}

type Labels = Readonly<Record<string, string>>;

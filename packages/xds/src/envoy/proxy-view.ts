import type {
  DnsRecord,
  GatewayPlan,
  GatewayServerPlan,
  InboundPlan,
  OutboundPlan,
  ProxyDescriptor,
} from '@meshwise/model';
import { defined } from '@meshwise/model';
import { boundListeners } from './bound-listeners.ts';
import { dnsListener, httpProxyListener, virtualOutbound } from './capture-listeners.ts';
import { extensionConfigs } from './extension-configs.ts';
import { gatewayListeners } from './gateway-listeners.ts';
import { type InboundTarget, isHttp } from './inbound-chains.ts';
import { inboundListener } from './inbound-listeners.ts';
import { inboundRoutes } from './inbound-routes.ts';
import { NO_TELEMETRY } from './listener-setting.ts';
import { inboundCluster } from './local-clusters.ts';
import { memoise, memoisePair } from './memoise.ts';
import { NO_OUTSIDE, type Outside } from './outside.ts';
import type { EnvoyResource } from './resource.ts';
import { gatewayRoutes } from './route-configurations.ts';
import { fileSecrets, plannedSecret } from './secrets.ts';
import { routesByClaims } from './security/claim-routes.ts';
import { atLocalPorts } from './security/gateway-ports.ts';
import { securityConfigs } from './security/request-filters.ts';
import { tunnelListener } from './tunnel-listener.ts';
import { type UnknownPolicy, unknownPolicy } from './unknown-destinations.ts';
import { workloadSuffix } from './workload-names.ts';

/** What stands around one workload: its entrance, the way for probes, and the explicit proxy where nothing is captured. */
export function workloadResources(
  inbound: InboundPlan,
  proxy: ProxyDescriptor,
  client: Pick<OutboundPlan, 'telemetry' | 'pathNormalization'> = {},
): EnvoyResource[] {
  const { placement } = inbound.workload;
  const isCaptured = placement.networkNamespacePath !== undefined;
  const exits = isCaptured
    ? []
    : [httpProxyListener(placement, client.telemetry ?? NO_TELEMETRY)(client.pathNormalization)];
  return [...entrancesOf(inbound, proxy), ...exits];
}

const entrancesOf = memoisePair((inbound: InboundPlan, proxy: ProxyDescriptor): EnvoyResource[] => {
  const { placement } = inbound.workload;
  const suffix = workloadSuffix(proxy, inbound.workload);
  const opaque = proxy.role === 'node';
  const targets: InboundTarget[] = inbound.ports.map((port) => ({
    port,
    cluster: `${port.cluster}${suffix}`,
    trustDomain: proxy.identity?.trustDomain,
    opaque,
    telemetry: inbound.telemetry,
    pathNormalization: inbound.pathNormalization,
    security: inbound.security,
  }));
  // Probes have clusters of their own: they are no requests of the workload's clients, and are not counted as such.
  const { tunnelSocketPath } = placement;
  const tunnelled = (tunnelSocketPath === undefined ? [] : targets).map(({ port, cluster }) => ({
    port,
    cluster: cluster.replace(/^inbound/, 'probe'),
  }));
  return [
    ...targets.map(({ port, cluster }) => inboundCluster(cluster, port, placement, opaque ? 'tcp' : port.protocol)),
    ...tunnelled.map(({ port: { connectionPool: _, ...port }, cluster }) =>
      inboundCluster(cluster, port, placement, 'tcp'),
    ),
    ...targets.map((target) => inboundListener(placement, target)),
    ...targets.filter(isHttp).map(({ port, cluster }) => inboundRoutes(port, cluster)),
    ...(targets.some(isHttp) ? securityConfigs(inbound.security) : []),
    // Certificates that stand in files.
    ...inbound.ports.flatMap(({ tls }) =>
      (tls?.credentials ?? []).flatMap((entry) => (entry.kind === 'files' ? fileSecrets(entry) : [])),
    ),
    ...(tunnelSocketPath === undefined
      ? []
      : [
          tunnelListener(
            suffix,
            tunnelSocketPath,
            tunnelled.map(({ port: { port }, cluster }) => ({ port, cluster })),
          ),
        ]),
  ];
});

/** The exits of workloads: what takes their connections, and listeners that they call by address. */
export function exitResources(
  plan: OutboundPlan,
  proxy: ProxyDescriptor,
  outside: Outside = NO_OUTSIDE,
): readonly EnvoyResource[] {
  return exitsOf(plan, proxy)(outside);
}

const exitsOf = memoisePair((plan: OutboundPlan, proxy: ProxyDescriptor) =>
  memoise((outside: Outside) => {
    const { telemetry, pathNormalization } = plan;
    const setting = { unknown: unknownPolicy(plan, outside), telemetry, outside, pathNormalization };
    return proxy.workloads.flatMap((workload): EnvoyResource[] => {
      const { networkNamespacePath } = workload.placement;
      const suffix = workloadSuffix(proxy, workload);
      return [
        ...(networkNamespacePath === undefined ? [] : [catchAll(proxy, suffix, networkNamespacePath)(setting.unknown)]),
        ...boundListeners(plan, workload.placement, suffix, setting),
      ];
    });
  }),
);

const catchAll = (proxy: ProxyDescriptor, suffix: string, path: string) => (unknown: UnknownPolicy) => {
  const byWorkload = catchAllsOf(unknown)(proxy);
  const printed = byWorkload.get(suffix) ?? virtualOutbound(suffix, path, unknown);
  byWorkload.set(suffix, printed);
  return printed;
};
const catchAllsOf = memoise((_: UnknownPolicy) => memoise((_: ProxyDescriptor) => new Map<string, EnvoyResource>()));

/** Names for the workloads that have a namespace of their own; the others use the host's resolver. */
export function dnsResources(
  dns: readonly DnsRecord[],
  proxy: ProxyDescriptor,
  dnsAddress: string,
  outside: Outside = NO_OUTSIDE,
): readonly EnvoyResource[] {
  return dnsAt(dns, proxy)(outside).map((print) => print(dnsAddress));
}

const dnsAt = memoisePair((dns: readonly DnsRecord[], proxy: ProxyDescriptor) =>
  memoise((outside: Outside) =>
    proxy.workloads.flatMap((workload) => {
      const { networkNamespacePath } = workload.placement;
      if (networkNamespacePath === undefined) return [];
      const byAddress = new Map<string, EnvoyResource>();
      return [
        (address: string): EnvoyResource => {
          const printed =
            byAddress.get(address) ??
            dnsListener(workloadSuffix(proxy, workload), networkNamespacePath, address, dns, outside);
          byAddress.set(address, printed);
          return printed;
        },
      ];
    }),
  ),
);

export function gatewayResources(
  plan: GatewayPlan,
  proxy: ProxyDescriptor,
  outside: Outside = NO_OUTSIDE,
): EnvoyResource[] {
  return [
    ...(plan.secrets ?? []).flatMap(plannedSecret),
    ...plan.servers.flatMap((server) => gatewayServer(server, proxy)(plan, outside)),
    ...securityConfigs(localSecurity(plan, proxy), routesByClaims(plan.servers)),
    ...extensionConfigs(plan.functions),
  ];
}

function localSecurity({ security }: GatewayPlan, { gateway: placement }: ProxyDescriptor) {
  return security === undefined || placement === undefined ? undefined : atLocalPorts(security, placement);
}

/** What of the whole plan a listener has in it. */
type Common = Pick<GatewayPlan, 'telemetry' | 'security' | 'pathNormalization'>;

const gatewayServer = memoisePair((server: GatewayServerPlan, { gateway: placement, identity }: ProxyDescriptor) => {
  let last: (Common & { readonly outside: Outside; readonly printed: EnvoyResource[] }) | undefined;
  return (common: Common, outside: Outside): EnvoyResource[] => {
    if (placement === undefined) return [];
    const { telemetry, security, pathNormalization } = common;
    const isSame =
      last?.telemetry === telemetry &&
      last?.security === security &&
      last?.pathNormalization === pathNormalization &&
      last?.outside === outside;
    if (last === undefined || !isSame) {
      const own = { telemetry, security, pathNormalization };
      const around = { placement, trustDomain: identity?.trustDomain, ...own, outside };
      const listeners = gatewayListeners(server, around);
      const printed = listeners.length === 0 ? [] : [...listeners, ...behind(server)];
      last = { ...defined(own), outside, printed };
    }
    return last.printed;
  };
});

/** What a gateway's listener refers to: routes, and certificates that stand in files. */
function behind(server: GatewayServerPlan): EnvoyResource[] {
  if (server.protocol === 'http') return gatewayRoutes(server);
  if (server.protocol === 'tcp') return [];
  const files = server.terminating.flatMap(({ tls }) => tls.credentials.filter((entry) => entry.kind === 'files'));
  const secrets = files.flatMap(fileSecrets);
  return [
    ...server.terminating.flatMap(({ http }) => (http === undefined ? [] : gatewayRoutes(http))),
    ...secrets.filter(({ name }, index) => secrets.findIndex((other) => other.name === name) === index),
  ];
}

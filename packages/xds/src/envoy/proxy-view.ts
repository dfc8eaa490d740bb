import type {
  DnsRecord,
  GatewayPlan,
  GatewayServerPlan,
  InboundPlan,
  OutboundPlan,
  ProxyDescriptor,
  TelemetryPlan,
} from '@meshwise/model';
import { boundListeners } from './bound-listeners.ts';
import { dnsListener, httpProxyListener, virtualOutbound } from './capture-listeners.ts';
import { extensionConfigs } from './extension-configs.ts';
import { gatewayListener } from './gateway-listeners.ts';
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
import { tunnelListener } from './tunnel-listener.ts';
import { type UnknownPolicy, unknownPolicy } from './unknown-destinations.ts';
import { workloadSuffix } from './workload-names.ts';

/** What stands around one workload: its entrance, the way for probes, and the explicit proxy where nothing is captured. */
export function workloadResources(
  inbound: InboundPlan,
  proxy: ProxyDescriptor,
  clientTelemetry?: TelemetryPlan,
): EnvoyResource[] {
  const { placement } = inbound.workload;
  const isCaptured = placement.networkNamespacePath !== undefined;
  const exits = isCaptured ? [] : [httpProxyListener(placement, clientTelemetry ?? NO_TELEMETRY)];
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
    const setting = { unknown: unknownPolicy(plan, outside), telemetry: plan.telemetry, outside };
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
    ...plan.servers.flatMap((server) => gatewayServer(server, proxy)(plan.telemetry, outside)),
    ...extensionConfigs(plan.functions),
  ];
}

const gatewayServer = memoisePair((server: GatewayServerPlan, { gateway: placement, identity }: ProxyDescriptor) => {
  let last:
    | { readonly telemetry: TelemetryPlan | undefined; readonly outside: Outside; readonly printed: EnvoyResource[] }
    | undefined;
  return (telemetry: TelemetryPlan | undefined, outside: Outside): EnvoyResource[] => {
    if (placement === undefined) return [];
    if (last === undefined || last.telemetry !== telemetry || last.outside !== outside) {
      const around = { placement, trustDomain: identity?.trustDomain, telemetry, outside };
      const listener = gatewayListener(server, around);
      last = { telemetry, outside, printed: listener === undefined ? [] : [listener, ...behind(server)] };
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

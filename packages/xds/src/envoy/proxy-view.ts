import type {
  DnsRecord,
  GatewayPlacement,
  GatewayPlan,
  GatewayServerPlan,
  InboundPlan,
  ProxyDescriptor,
} from '@meshwise/model';
import { dnsListener, httpProxyListener, virtualOutbound } from './capture-listeners.ts';
import { HTTP_EXTENSION_CONFIGS } from './extension-configs.ts';
import { gatewayListener } from './gateway-listeners.ts';
import type { InboundTarget } from './inbound-chains.ts';
import { inboundListener } from './inbound-listeners.ts';
import { inboundCluster } from './local-clusters.ts';
import { memoisePair } from './memoise.ts';
import type { EnvoyResource } from './resource.ts';
import { gatewayRoutes } from './route-configurations.ts';
import { tunnelListener } from './tunnel-listener.ts';
import { workloadSuffix } from './workload-names.ts';

/** What stands around one workload: its entrance, its exit, the way for probes. */
export const workloadResources = memoisePair((inbound: InboundPlan, proxy: ProxyDescriptor): EnvoyResource[] => {
  const { placement } = inbound.workload;
  const suffix = workloadSuffix(proxy, inbound.workload);
  const opaque = proxy.role === 'node';
  const targets: InboundTarget[] = inbound.ports.map((port) => ({
    port,
    cluster: `${port.cluster}${suffix}`,
    trustDomain: proxy.identity?.trustDomain,
    opaque,
  }));
  const tunnelled = targets.map(({ port, cluster }) => ({ port: port.port, cluster }));
  return [
    ...targets.map(({ port, cluster }) => inboundCluster(cluster, port, placement, opaque ? 'tcp' : port.protocol)),
    ...targets.map((target) => inboundListener(placement, target)),
    tunnelListener(suffix, placement, tunnelled),
    ...(placement.networkNamespacePath === undefined
      ? [httpProxyListener(placement)]
      : [virtualOutbound(suffix, placement.networkNamespacePath)]),
  ];
});

/** Names for the workloads that have a namespace of their own; the others use the host's resolver. */
export function dnsResources(
  dns: readonly DnsRecord[],
  proxy: ProxyDescriptor,
  dnsAddress: string,
): readonly EnvoyResource[] {
  return dnsAt(dns, proxy).map((print) => print(dnsAddress));
}

const dnsAt = memoisePair((dns: readonly DnsRecord[], proxy: ProxyDescriptor) =>
  proxy.workloads.flatMap((workload) => {
    const { networkNamespacePath } = workload.placement;
    if (networkNamespacePath === undefined) return [];
    const byAddress = new Map<string, EnvoyResource>();
    return [
      (address: string): EnvoyResource => {
        const printed =
          byAddress.get(address) ?? dnsListener(workloadSuffix(proxy, workload), networkNamespacePath, address, dns);
        byAddress.set(address, printed);
        return printed;
      },
    ];
  }),
);

export function gatewayResources(plan: GatewayPlan, placement: GatewayPlacement): EnvoyResource[] {
  return [...plan.servers.flatMap((server) => gatewayServer(server, placement)), ...HTTP_EXTENSION_CONFIGS];
}

const gatewayServer = memoisePair((server: GatewayServerPlan, placement: GatewayPlacement): EnvoyResource[] => {
  if (server.protocol !== 'http') return [];
  const listener = gatewayListener(server, placement);
  return listener === undefined ? [] : [listener, gatewayRoutes(server)];
});

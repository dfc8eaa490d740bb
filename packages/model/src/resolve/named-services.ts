import { covers } from '../model/host-name.ts';
import type { ByteChainPlan, ClusterPlan, EndpointsPlan } from '../plan.ts';
import type { Clusters } from './clusters.ts';
import type { ResolveContext } from './context.ts';
import { asGateway, type DestinationPolicies } from './destination-policies.ts';
import { type PortServer, serverNames } from './gateway-servers.ts';
import { outboundServerName } from './names.ts';
import { hostOfKey } from './service-key.ts';
import { formatView, type View } from './view.ts';

/**
 * Services as they are reached through a gateway with AUTO_PASSTHROUGH: the server name in the client's handshake is the
 * name of the cluster (`outbound_.9080_.v1_.reviews.default.svc.cluster.local`), and the TLS of the client's sidecar ends at the server's.
 */
export function namedServices(
  { services }: ResolveContext,
  served: PortServer,
  view: View,
  parts: { readonly clusters: Clusters; readonly policies: DestinationPolicies },
): readonly ByteChainPlan[] {
  const names = serverNames(served.server);
  const client = formatView(asGateway(view));
  return services
    .hosts()
    .filter((host) => names.some((name) => covers(name, host)))
    .flatMap((host) => {
      const key = services.keyFor(host, view.namespace);
      if (key === '') return [];
      return parts.clusters.ofHost(key, parts.policies.varies(key) ? parts.policies.viewOf(key, client) : '');
    })
    .map((plan): ByteChainPlan => {
      const { name } = namedCluster(plan);
      return { serverNames: [name], destinations: [{ cluster: name, weight: 100 }], origin: served.server.origin };
    });
}

/** The cluster under its server name, which passes on what is encrypted already. */
export function namedCluster(plan: ClusterPlan): ClusterPlan {
  const { host, port, subset } = plan;
  return { ...plan, name: outboundServerName(port, subset, hostOfKey(host)), protocol: 'tcp', tls: { mode: 'plain' } };
}

export function namedEndpoints(plan: EndpointsPlan): EndpointsPlan {
  const [, port = '', subset = '', host = ''] = plan.cluster.split('|');
  return { ...plan, cluster: outboundServerName(Number(port), subset, hostOfKey(host)) };
}

import type { ItemOf } from '../model/fragment.ts';
import { fullHost } from '../model/host-name.ts';
import type { Destination } from '../model/routing.ts';
import type { ClusterPlan } from '../plan.ts';
import { tcpPorts } from './clusters.ts';
import type { ResolveContext } from './context.ts';
import type { DestinationPolicies } from './destination-policies.ts';
import { outboundCluster } from './names.ts';

export interface ResolvedDestination {
  readonly host: string;
  readonly cluster: string;
  /** Which part of the destination refers to something that is not there. */
  readonly missing?: 'host' | 'port' | 'subset';
  /**
   * In place of what is missing: a cluster of the name Istio would use, to which no endpoint belongs. The share of
   * requests that goes there gets 503, as with Istio, and every reference of the Plan has its target.
   */
  readonly placeholder?: ClusterPlan;
}

export interface Destinations {
  /** Where a destination of a routing leads for a client in a namespace, for requests that came to `listenerPort`. */
  resolve(
    routing: ItemOf<'routing'>,
    destination: Destination,
    clientNamespace: string,
    listenerPort: number,
  ): ResolvedDestination;
}

export function defineDestinations({ items, settings }: ResolveContext, policies: DestinationPolicies): Destinations {
  return {
    resolve(routing, destination, clientNamespace, listenerPort) {
      const { subset } = destination;
      const host = fullHost(destination.host, routing.namespace, settings.clusterDomain);
      const service = items.list('serviceByHost', host)[0];
      const ports = tcpPorts(service);
      // Without a port: the only one of the service, else the one the request came to.
      const port = destination.port ?? (ports.length === 1 ? ports[0]?.port : undefined) ?? listenerPort;
      const cluster = outboundCluster(port, subset, host);
      const missing = (): ResolvedDestination['missing'] => {
        if (service === undefined) return 'host';
        if (!ports.some((candidate) => candidate.port === port)) return 'port';
        if (subset === undefined) return undefined;
        const policy = policies.effective(host, policies.viewOf(host, clientNamespace));
        return policy?.subsets.some(({ name }) => name === subset) ? undefined : 'subset';
      };
      const what = missing();
      if (what === undefined) return { host, cluster };
      const placeholder: ClusterPlan = {
        name: cluster,
        host,
        port,
        ...(subset === undefined ? {} : { subset }),
        protocol: 'http',
        tls: { mode: 'plain' },
        origin: destination.origin,
      };
      return { host, cluster, missing: what, placeholder };
    },
  };
}

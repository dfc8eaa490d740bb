import type { OutboundPlan, TcpListenerPlan } from '../plan.ts';
import type { Query } from '../query/engine.ts';
import { type Clusters, tcpPorts } from './clusters.ts';
import type { ResolveContext } from './context.ts';
import type { Names } from './dns-names.ts';
import { outboundCluster } from './names.ts';
import { isEntry } from './services.ts';
import { joinListeners } from './tcp-listeners.ts';

/**
 * What workloads outside the mesh may call: Services of Kubernetes at their addresses as plain TCP, and everything else
 * where it is, as they would without a mesh.
 */
export function defineNodeOutbound(
  { engine, services }: ResolveContext,
  clusters: Clusters,
  names: Names,
): Query<[], OutboundPlan> {
  const hosts = engine.query('kubernetesHosts', () =>
    services.hosts().filter((host) => services.partsOf(host).some((service) => !isEntry(service))),
  );
  const listenersOf = engine.query('plainListenersOfHost', (host: string): readonly TcpListenerPlan[] => {
    const service = services.of(host);
    return tcpPorts(service).flatMap(({ port, origin }) =>
      (service?.clusterIps ?? []).map((address) => {
        const destinations = [{ cluster: outboundCluster(port, undefined, host), weight: 100 }];
        return { address, port, destinations, origin };
      }),
    );
  });
  return engine.query('nodeOutbound', () => ({
    scope: 'node',
    httpPorts: [],
    tcpListeners: joinListeners(
      hosts().flatMap((host) => listenersOf(host)),
      [],
    ),
    clusters: hosts().flatMap((host) => clusters.plainOfHost(host)),
    endpoints: hosts().flatMap((host) => clusters.plainEndpointsOfHost(host)),
    dns: hosts().flatMap((host) => names.of(host)),
    unknownDestinations: 'pass-through',
  }));
}

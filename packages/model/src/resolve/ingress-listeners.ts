import type { IngressListener, ScopingItem } from '../model/scoping.ts';
import type { InboundPortPlan } from '../plan.ts';
import type { Placement } from '../proxy.ts';
import { type MutualTlsModes, modeAt } from './mutual-tls.ts';
import { inboundCluster } from './names.ts';

/**
 * The ports of a workload as its Sidecar describes them (Istio, Sidecar `ingress`). Ports that it leaves out are passed on
 * as they are: Istio's `InboundPassthroughCluster` does the same.
 */
export function describedPorts(
  scoping: ScopingItem,
  usual: readonly InboundPortPlan[],
  modes: MutualTlsModes,
  placement: Placement,
): readonly InboundPortPlan[] {
  const described = scoping.ingress.map((listener) => portOf(listener, scoping, modes, placement));
  const numbers = new Set(described.map(({ port }) => port));
  const rest = usual
    .filter(({ port }) => !numbers.has(port))
    .map(({ serviceHost: _, ...port }): InboundPortPlan => ({ ...port, protocol: 'tcp' }));
  return [...described, ...rest].sort((a, b) => a.port - b.port);
}

function portOf(
  listener: IngressListener,
  { inboundConnectionPool }: ScopingItem,
  modes: MutualTlsModes,
  placement: Placement,
): InboundPortPlan {
  const { port, protocol, tls, origin } = listener;
  const connectionPool = listener.connectionPool ?? inboundConnectionPool;
  const endpoint = listener.defaultEndpoint === undefined ? undefined : endpointOf(listener.defaultEndpoint, placement);
  return {
    port,
    protocol,
    mutualTls: tls === undefined ? modeAt(modes, port) : 'disable',
    cluster: inboundCluster(port),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(tls === undefined ? {} : { tls }),
    ...(connectionPool === undefined ? {} : { connectionPool }),
    origin,
  };
}

/** `0.0.0.0:8080` means the address of the workload: here the one at which the proxy reaches the program. */
function endpointOf(written: string, { programIp }: Placement): NonNullable<InboundPortPlan['endpoint']> {
  if (written.startsWith('unix://')) return { socketPath: written.slice('unix://'.length) };
  return { address: programIp, port: Number(written.slice(written.lastIndexOf(':') + 1)) };
}

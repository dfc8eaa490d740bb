import type { ByteChainPlan, WeightedCluster } from '../plan.ts';
import type { Services } from './services.ts';

/**
 * What a chain for TLS needs when it leads to a service whose host is resolved as clients name it: the server name is
 * then the name, and the port the service's.
 */
export function resolvingServerName(
  services: Services,
  [first]: readonly WeightedCluster[],
): Pick<ByteChainPlan, 'resolvesServerNameAt'> {
  const [, port, , key] = first?.cluster.split('|', 4) ?? [];
  if (key === undefined || services.of(key)?.discovery !== 'dynamic-dns') return {};
  return { resolvesServerNameAt: Number(port) };
}

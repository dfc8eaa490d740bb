import type { ByteChainPlan, GatewayServerPlan, VirtualHostPlan } from '../plan.ts';
import type { Origin } from '../provenance.ts';

export interface MergedPlans {
  readonly servers: readonly GatewayServerPlan[];
  /** What is left out, since an earlier one has the port, the host or the server name. */
  readonly lost: readonly { readonly origin: Origin; readonly message: string }[];
}

/**
 * What several Gateways make of the ports of one proxy, put together: the earlier keeps what cannot be shared. It happens
 * where a Gateway of the Gateway API names a gateway that serves others too.
 */
export function mergePlans(plans: readonly (readonly GatewayServerPlan[])[]): MergedPlans {
  const ports = new Map<number, GatewayServerPlan>();
  const lost: { origin: Origin; message: string }[] = [];
  for (const server of plans.flat()) {
    const before = ports.get(server.port);
    const lose = (origin: Origin, what: string) =>
      lost.push({ origin, message: `${what} of port ${server.port} is taken already at the gateway that serves it` });
    if (before === undefined) ports.set(server.port, server);
    else if (before.protocol === 'http' && server.protocol === 'http') {
      const virtualHosts = freeHosts(before.virtualHosts, server.virtualHosts, lose);
      ports.set(server.port, { ...before, virtualHosts: [...before.virtualHosts, ...virtualHosts] });
    } else if (before.protocol === 'tls' && server.protocol === 'tls') {
      const taken = new Set([...before.terminating, ...before.passthrough].flatMap(namesOf));
      const isFree = (chain: Named & { readonly origin: Origin }) => {
        const free = namesOf(chain).every((name) => !taken.has(name));
        if (!free) lose(chain.origin, 'the server name');
        return free;
      };
      ports.set(server.port, {
        ...before,
        terminating: [...before.terminating, ...server.terminating.filter(isFree)],
        passthrough: [...before.passthrough, ...server.passthrough.filter(isFree)],
      });
    } else lose(server.origin, 'the whole');
  }
  const servers = [...ports.values()].sort((a, b) => a.port - b.port);
  return { servers, lost };
}

type Named = Pick<ByteChainPlan, 'serverNames'>;

function namesOf({ serverNames = [] }: Named): readonly string[] {
  return serverNames.length === 0 ? ['*'] : serverNames;
}

function freeHosts(
  before: readonly VirtualHostPlan[],
  later: readonly VirtualHostPlan[],
  lose: (origin: Origin, what: string) => void,
): readonly VirtualHostPlan[] {
  const taken = new Set(before.flatMap(({ domains }) => domains));
  return later.filter(({ domains, origin }) => {
    const free = domains.every((domain) => !taken.has(domain));
    if (!free) lose(origin, domains[0] ?? 'the host');
    return free;
  });
}

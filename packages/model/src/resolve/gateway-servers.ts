import type { ItemOf } from '../model/fragment.ts';
import type { GatewayServer } from '../model/gateway.ts';
import type { Origin } from '../provenance.ts';

type Gateway = ItemOf<'gateway'>;

/** One server of a Gateway on a port. */
export interface PortServer {
  readonly gateway: Gateway;
  readonly server: GatewayServer;
}

export interface GatewayPort {
  readonly port: number;
  readonly layer: 'http' | 'tls' | 'tcp';
  readonly servers: readonly PortServer[];
}

export interface ServerConflict {
  readonly origin: Origin;
  readonly message: string;
}

export interface MergedServers {
  readonly ports: readonly GatewayPort[];
  /** Servers that are left out because an older one has their port or their host. */
  readonly conflicts: readonly ServerConflict[];
}

/**
 * The servers of all Gateways that select one proxy, by port. The oldest decides what a port speaks: plain HTTP servers
 * are merged, TLS servers are told apart by server names, of which each belongs to one server, and a TCP port has
 * one server (Istio, MergeGateways).
 */
export function mergeServers(gateways: readonly Gateway[]): MergedServers {
  const ports = new Map<number, { layer: GatewayPort['layer']; servers: PortServer[]; names: Set<string> }>();
  const conflicts: ServerConflict[] = [];
  for (const gateway of gateways) {
    for (const server of gateway.servers) {
      const layer = layerOf(server);
      const at = ports.get(server.port) ?? { layer, servers: [], names: new Set<string>() };
      const conflict = conflictOf(server, layer, at);
      if (conflict === undefined) {
        ports.set(server.port, at);
        at.servers.push({ gateway, server });
        for (const name of serverNames(server)) at.names.add(name);
      } else conflicts.push({ origin: server.origin, message: conflict });
    }
  }
  const sorted = [...ports].sort(([a], [b]) => a - b);
  return { ports: sorted.map(([port, { layer, servers }]) => ({ port, layer, servers })), conflicts };
}

/** The hosts of a server without the namespaces of those who may be bound to them, each once. */
export function serverNames(server: GatewayServer): readonly string[] {
  return [...new Set(server.hosts.map((entry) => entry.slice(entry.indexOf('/') + 1).toLowerCase()))];
}

function layerOf(server: GatewayServer): GatewayPort['layer'] {
  return server.protocol === 'https' ? 'tls' : server.protocol;
}

function conflictOf(
  server: GatewayServer,
  layer: GatewayPort['layer'],
  at: { readonly layer: string; readonly servers: readonly PortServer[]; readonly names: ReadonlySet<string> },
): string | undefined {
  const [first] = at.servers;
  if (first === undefined) return undefined;
  const older = `Gateway ${first.gateway.namespace}/${first.gateway.name}`;
  if (at.layer !== layer) return `port ${server.port} is ${at.layer} already by the older ${older}`;
  if (layer === 'tcp') return `port ${server.port} is taken already by the older ${older}`;
  const taken = layer === 'tls' ? serverNames(server).filter((name) => at.names.has(name)) : [];
  return taken.length === 0 ? undefined : `an older server has ${taken.join(', ')} on port ${server.port} already`;
}

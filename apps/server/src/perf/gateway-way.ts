import type { GatewayPlan, HttpMatch, RoutePlan } from '@meshwise/model';

/** A way from this machine to a service: where to connect, and the Host that the gateway knows the service by, when it matters. */
export interface GatewayWay {
  readonly origin: string;
  readonly host: string | undefined;
}

/**
 * The way through a gateway to a service: the first virtual host in which a GET of that path goes there, by the order in which
 * the gateway itself looks. Undefined when none does. A route that asks for more than a path is passed over, as it would be by
 * a request without it.
 */
export function wayThroughGateway(
  gateways: readonly GatewayPlan[],
  hostPorts: Readonly<Record<number, number>>,
  service: { readonly host: string; readonly port: number },
  path: string,
): GatewayWay | undefined {
  const servers = gateways.flatMap((gateway) => gateway.servers.filter((server) => server.protocol === 'http'));
  for (const { port, virtualHosts } of servers) {
    const hostPort = hostPorts[port];
    if (hostPort === undefined) continue;
    for (const { domains, routes } of virtualHosts) {
      const first = routes.find(({ match }) => takes(match, path));
      if (first === undefined || !leadsTo(first, service)) continue;
      const domain = domains[0] ?? '*';
      const host = domain === '*' ? undefined : domain.replace(/^\*/, 'load').replace(/:\*$/, '');
      return { origin: `http://127.0.0.1:${hostPort}`, host };
    }
  }
  return undefined;
}

/** Names of clusters hold port, subset and host (ClusterPlan). */
function leadsTo({ action }: RoutePlan, { host, port }: { host: string; port: number }): boolean {
  if (action.kind !== 'forward') return false;
  return action.destinations.some(({ cluster, weight }) => {
    const [, clusterPort, , clusterHost] = cluster.split('|');
    return weight > 0 && clusterHost === host && clusterPort === String(port);
  });
}

function takes(match: HttpMatch, target: string): boolean {
  const { path, method, authority, scheme, headers, queryParameters, claims } = match;
  if (authority !== undefined || scheme !== undefined || headers.length > 0 || queryParameters.length > 0) return false;
  if (claims !== undefined) return false;
  if (method !== undefined && !('exact' in method && method.exact === 'GET')) return false;
  if (path === undefined || 'present' in path) return true;
  const asked = target.split('?')[0] ?? '/';
  if ('regex' in path) return isRegExp(path.regex) && new RegExp(`^(?:${path.regex})$`).test(asked);
  if ('segments' in path) return `${asked}/`.startsWith(`${path.segments.replace(/\/+$/, '')}/`);
  const fold = (text: string) => (path.ignoreCase === true ? text.toLowerCase() : text);
  return 'exact' in path ? fold(asked) === fold(path.exact) : fold(asked).startsWith(fold(path.prefix));
}

/** RE2 and JavaScript agree on what people write; what only RE2 understands is not followed. */
function isRegExp(pattern: string): boolean {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}

import type { ItemOf } from '../model/fragment.ts';
import type { ByteMatch, ByteRule } from '../model/routing.ts';
import type { ByteChainPlan, ByteSettings, ClusterPlan, WeightedCluster } from '../plan.ts';
import { byteSettingsOf } from './byte-settings.ts';
import type { ResolveContext } from './context.ts';
import type { Destinations } from './destinations.ts';
import { resolvingServerName } from './dynamic-names.ts';
import { boundRoutings } from './gateway-hosts.ts';
import type { PortServer } from './gateway-servers.ts';
import { fullGatewayName } from './item-database.ts';

type Routing = ItemOf<'routing'>;

export interface ByteDestinations {
  readonly destinations: readonly WeightedCluster[];
  /** By what is said of the first destination. */
  readonly settings: ByteSettings;
  readonly placeholders: readonly ClusterPlan[];
}

/** Where the TLS rules of the routings bound to a server send connections that it passes on, by server name. */
export function passedOn(
  context: ResolveContext,
  served: PortServer,
  clientNamespace: string,
  destinations: Destinations,
): readonly ByteChainPlan[] {
  return boundRoutings(context, served, clientNamespace).flatMap((routing) =>
    rulesOf(routing, 'tls').flatMap((rule) =>
      rule.matches
        .filter((match) => applies(match, routing, served))
        .map((match): ByteChainPlan => {
          const found = destinationsOf(routing, rule, served.server.port, clientNamespace, destinations);
          return {
            serverNames: match.serverNames ?? [],
            ...(match.destinationCidrs === undefined ? {} : { destinationCidrs: match.destinationCidrs }),
            destinations: found.destinations,
            ...found.settings,
            ...resolvingServerName(context.services, found.destinations),
            origin: rule.origin,
          };
        }),
    ),
  );
}

/** Where bytes of a server go: the first TCP rule that applies takes them all. Undefined when there is none. */
export function allBytes(
  context: ResolveContext,
  served: PortServer,
  clientNamespace: string,
  destinations: Destinations,
): ByteChainPlan | undefined {
  for (const routing of boundRoutings(context, served, clientNamespace)) {
    for (const rule of rulesOf(routing, 'tcp')) {
      const isFor = rule.matches.length === 0 || rule.matches.some((match) => applies(match, routing, served));
      if (!isFor) continue;
      const found = destinationsOf(routing, rule, served.server.port, clientNamespace, destinations);
      return { destinations: found.destinations, ...found.settings, origin: rule.origin };
    }
  }
  return undefined;
}

/** The weighted clusters of a rule. A single destination takes everything; among several, weight 0 takes nothing (Istio). */
export function destinationsOf(
  routing: Routing,
  rule: ByteRule,
  port: number,
  clientNamespace: string,
  destinations: Destinations,
): ByteDestinations {
  const weighted = rule.destinations.length === 1 ? rule.destinations : rule.destinations.filter((d) => d.weight > 0);
  const resolved = weighted.map((destination) => ({
    weight: destination.weight > 0 ? destination.weight : 100,
    ...destinations.resolve(routing, destination, clientNamespace, port),
  }));
  return {
    destinations: resolved.map(({ cluster, weight }) => ({ cluster, weight })),
    settings: byteSettingsOf(resolved[0]?.settings ?? {}),
    placeholders: resolved.flatMap(({ placeholder }) => placeholder ?? []),
  };
}

function rulesOf(routing: Routing, layer: ByteRule['layer']): readonly ByteRule[] {
  return (routing.byteRules ?? []).filter((rule) => rule.layer === layer);
}

/** At gateways, rules look at the gateway and its port only; who the client is, nobody knows there. */
function applies(match: ByteMatch, routing: Routing, { gateway, server }: PortServer): boolean {
  if (match.port !== undefined && match.port !== server.port) return false;
  const own = `${gateway.namespace}/${gateway.name}`;
  return match.gateways?.some((name) => fullGatewayName(name, routing.namespace) === own) ?? true;
}

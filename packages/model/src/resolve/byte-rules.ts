import type { ByteMatch, ByteRule } from '../model/routing.ts';
import type { ByteChainPlan, ByteSettings, ClusterPlan, WeightedCluster } from '../plan.ts';
import { byteSettingsOf } from './byte-settings.ts';
import { byteMatchApplies, type RouteScope } from './client-match.ts';
import type { Destinations } from './destinations.ts';
import { weighted } from './route-actions.ts';
import type { RuleOwner } from './specificity.ts';
import { included, isSplit } from './split-backends.ts';
import { formatView } from './view.ts';

/** Where connections go, and how, by the settings of the first destination. */
export type ByteForward = ByteSettings & { readonly destinations: readonly WeightedCluster[] };

/** What rules for bytes make of a listener. */
export interface ByteRouting {
  readonly chains: readonly ByteChainPlan[];
  /** Where the rest goes; absent when no rule says. */
  readonly rest?: ByteForward;
  readonly placeholders: readonly ClusterPlan[];
}

/**
 * The rules of one layer, of several resources one after the other, as chains. A rule without conditions ends them: what
 * stands behind it is never reached. Of two rules with one condition, the first holds; a proxy would refuse both.
 */
export function byteRoutingOf(
  owners: readonly RuleOwner[],
  layer: ByteRule['layer'],
  scope: RouteScope,
  destinations: Destinations,
): ByteRouting {
  const chains: ByteChainPlan[] = [];
  const placeholders = new Map<string, ClusterPlan>();
  const taken = new Set<string>();
  let rest: ByteForward | undefined;
  for (const [owner, rule] of rulesOf(owners, layer)) {
    const applying =
      rule.matches.length === 0
        ? [{}]
        : rule.matches.filter((match) => byteMatchApplies(match, owner.namespace, scope));
    if (applying.length === 0) continue;
    const to = destinationsOf(owner, rule, scope, destinations, placeholders);
    for (const condition of applying.flatMap(conditionsOf)) {
      const fresh = condition.serverNames.filter((name) => !taken.has(textOf(name, condition)));
      for (const name of fresh) taken.add(textOf(name, condition));
      if (fresh.length === 0) continue;
      const { cidr, source } = condition;
      const names = fresh.filter((name) => name !== ANY);
      if (names.length < fresh.length && cidr === ANY && source === ANY) rest = to;
      else if (names.length < fresh.length) chains.push(chainOf([], cidr, source, to, rule));
      if (names.length > 0) chains.push(chainOf(names, cidr, source, to, rule));
    }
    if (rest !== undefined && layer === 'tcp') break;
  }
  return { chains, ...(rest === undefined ? {} : { rest }), placeholders: [...placeholders.values()] };
}

function rulesOf(owners: readonly RuleOwner[], layer: ByteRule['layer']): readonly (readonly [RuleOwner, ByteRule])[] {
  return owners.flatMap((owner) =>
    (owner.byteRules ?? [])
      // A split asks for no server name: it splits whatever the port carries.
      .filter((rule) => rule.layer === layer || isSplit(owner))
      .map((rule) => [owner, rule] as const),
  );
}

const ANY = '*';

/** One combination of addresses, and the server names it holds for. */
interface Condition {
  readonly serverNames: readonly string[];
  readonly cidr: string;
  readonly source: string;
}

function conditionsOf({ serverNames, destinationCidrs, sourceCidr }: ByteMatch): readonly Condition[] {
  const names = serverNames === undefined || serverNames.length === 0 ? [ANY] : serverNames;
  return (destinationCidrs ?? [ANY]).map((cidr) => ({ serverNames: names, cidr, source: sourceCidr ?? ANY }));
}

function textOf(name: string, { cidr, source }: Condition): string {
  return `${name} ${cidr} ${source}`;
}

function chainOf(
  serverNames: readonly string[],
  cidr: string,
  source: string,
  to: ByteForward,
  rule: ByteRule,
): ByteChainPlan {
  return {
    ...(serverNames.length === 0 ? {} : { serverNames }),
    ...(cidr === ANY ? {} : { destinationCidrs: [cidr] }),
    ...(source === ANY ? {} : { sourceCidrs: [source] }),
    ...to,
    origin: rule.origin,
  };
}

/** What leads nowhere keeps its share, which is closed; when nothing leads anywhere, everything is. */
function destinationsOf(
  owner: RuleOwner,
  rule: ByteRule,
  { view, port, gateway }: RouteScope,
  destinations: Destinations,
  placeholders: Map<string, ClusterPlan>,
): ByteForward {
  const all = weighted(owner, rule.destinations).map(({ destination, weight }) => ({
    weight,
    ...destinations.resolve(owner, destination, formatView(view), port, gateway),
  }));
  const resolved = included(owner, all);
  if (resolved.every(({ missing }) => missing !== undefined)) return { destinations: [] };
  for (const { placeholder } of resolved) {
    if (placeholder !== undefined) placeholders.set(placeholder.name, { ...placeholder, protocol: 'tcp' });
  }
  return {
    destinations: resolved.map(({ cluster, weight, refusesWith }) => ({
      cluster,
      weight,
      ...(refusesWith === undefined ? {} : { refusesWith }),
    })),
    ...byteSettingsOf(resolved[0]?.settings ?? {}),
  };
}

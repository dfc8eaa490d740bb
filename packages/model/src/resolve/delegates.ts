import type { ItemOf } from '../model/fragment.ts';
import { fullHost } from '../model/host-name.ts';
import { isVisible } from '../model/item.ts';
import type { Destination, HttpRule, MirrorDestination, RuleAction, RuleMatch } from '../model/routing.ts';
import type { Residue } from '../provenance.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import { joinNames, mergeMatches } from './delegate-matches.ts';
import { exportToOf } from './export-to.ts';
import { fullGatewayName } from './item-database.ts';

type Routing = ItemOf<'routing'>;
type Delegation = Extract<RuleAction, { readonly kind: 'delegate' }>;

export interface Delegates {
  /** The rules of a routing (`namespace/name`), with those of its delegates in the place of each delegation. */
  readonly rulesOf: Query<[routing: string], readonly HttpRule[]>;
  /** Delegations that lead nowhere, and rules that are left out. */
  readonly residuesOf: Query<[routing: string], readonly Residue[]>;
}

/**
 * VirtualService `delegate`, as Istio documents it: the delegate has no hosts of its own, is visible to the namespace of
 * the root, and delegates no further. Its conditions must be narrower than those of the root, or its rule is left out; what
 * it leaves unsaid, the root says.
 */
export function defineDelegates({ engine, items, settings }: ResolveContext): Delegates {
  /** The rule's delegate, or why there is none. */
  const delegateOf = (root: Routing, { name, namespace = root.namespace }: Delegation): Routing | string => {
    const full = `${namespace}/${name}`;
    const delegate = items.list('routing', full)[0];
    if (delegate === undefined) return `there is no VirtualService ${full}`;
    if (delegate.hosts.length > 0) return `${full} has hosts, and so nothing can be delegated to it`;
    if (!isVisible(exportToOf(items, delegate), namespace, root.namespace)) {
      return `${full} is not exported to ${root.namespace}`;
    }
    return delegate;
  };

  const expand = (root: Routing, rule: HttpRule, action: Delegation, report: (residue: Residue) => void) => {
    const delegate = delegateOf(root, action);
    if (typeof delegate === 'string') {
      report(residue(root, rule, `${delegate}; the rule is left out`));
      return [];
    }
    const full = `${delegate.namespace}/${delegate.name}`;
    return delegate.rules.flatMap((sub): readonly HttpRule[] => {
      if (sub.action.kind === 'delegate') {
        report(residue(root, rule, `${full} delegates further, which is not followed`));
        return [];
      }
      const matches = mergeMatches(
        rule.matches.map((match) => withFullGateways(match, root.namespace)),
        sub.matches.map((match) => withFullGateways(match, delegate.namespace)),
      );
      if (matches === undefined) {
        report(
          residue(root, rule, `${sub.origin.field} of ${full} is left out: its match is not within the match here`),
        );
        return [];
      }
      const own = withFullHosts(sub.action, delegate.namespace, settings.clusterDomain);
      const inherited = withFullHosts(
        { destinations: [], ...action.inherited },
        root.namespace,
        settings.clusterDomain,
      );
      return [mergeRule(rule, { ...sub, matches }, own, inherited)];
    });
  };

  const rulesOf = engine.query('rulesOfRouting', (name: string): readonly HttpRule[] =>
    items
      .list('routing', name)
      .flatMap((root) =>
        root.rules.flatMap((rule) =>
          rule.action.kind === 'delegate' ? expand(root, rule, rule.action, () => undefined) : [rule],
        ),
      ),
  );

  const residuesOf = engine.query('delegateResidues', (name: string): readonly Residue[] => {
    const residues: Residue[] = [];
    for (const root of items.list('routing', name)) {
      // Of rules that only wait for others to delegate to them, nothing is left out.
      if (root.hosts.length === 0) continue;
      for (const rule of root.rules) {
        if (rule.action.kind === 'delegate') expand(root, rule, rule.action, (found) => residues.push(found));
      }
    }
    return residues;
  });

  return { rulesOf, residuesOf };
}

function residue(root: Routing, rule: HttpRule, message: string): Residue {
  const field = `${rule.origin.field}.delegate`;
  return { origin: { ...root.origin, field }, severity: 'invalid', message: `${field}: ${message}` };
}

function mergeRule(root: HttpRule, delegate: HttpRule, own: RuleAction, inherited: object): HttpRule {
  const name = joinNames(root.name, delegate.name);
  const fault = delegate.fault ?? root.fault;
  const cors = delegate.cors ?? root.cors;
  const saysHeaders = delegate.requestHeaders !== undefined || delegate.responseHeaders !== undefined;
  const { requestHeaders, responseHeaders } = saysHeaders ? delegate : root;
  return {
    ...(name === undefined ? {} : { name }),
    matches: delegate.matches,
    action: own.kind === 'forward' ? { ...inherited, ...own } : own,
    ...(fault === undefined ? {} : { fault }),
    ...(cors === undefined ? {} : { cors }),
    ...(requestHeaders === undefined ? {} : { requestHeaders }),
    ...(responseHeaders === undefined ? {} : { responseHeaders }),
    origin: delegate.origin,
  };
}

/** Gateways by their full names, since root and delegate may stand in different namespaces. */
function withFullGateways(match: RuleMatch, namespace: string): RuleMatch {
  if (match.gateways === undefined) return match;
  const full = match.gateways.map((name) => (name === 'mesh' ? name : fullGatewayName(name, namespace)));
  return { ...match, gateways: full };
}

interface WithDestinations {
  readonly destinations: readonly Destination[];
  readonly mirrors?: readonly MirrorDestination[];
}

/** The same for short names of services. */
function withFullHosts<Action extends RuleAction | WithDestinations>(
  action: Action,
  namespace: string,
  clusterDomain: string,
): Action {
  if (!('destinations' in action)) return action;
  const full = <To extends { readonly host: string }>(to: To): To => ({
    ...to,
    host: fullHost(to.host, namespace, clusterDomain),
  });
  const { destinations, mirrors }: WithDestinations = action;
  return {
    ...action,
    destinations: destinations.map(full),
    ...(mirrors === undefined ? {} : { mirrors: mirrors.map(full) }),
  };
}

import type { ItemOf } from '../model/fragment.ts';
import type { HttpRule, RuleMatch } from '../model/routing.ts';
import type { TrafficSpecMatch, TrafficSpecReference } from '../model/security.ts';
import type { StringMatch } from '../plan.ts';
import type { Residue } from '../provenance.ts';
import type { ResolveContext } from './context.ts';

type Routing = ItemOf<'routing'>;

/**
 * Rules with the conditions of the groups they name (SMI, TrafficSplit `matches`): several groups are put together, and a
 * request that one of their conditions takes is taken. A group that is not there takes nothing, and so does a rule of
 * which no condition is left.
 */
export function withMatchGroups(
  items: ResolveContext['items'],
  { namespace }: Routing,
  rules: readonly HttpRule[],
): readonly HttpRule[] {
  return rules.flatMap((rule) => {
    if (rule.matchGroups === undefined) return [rule];
    const matches = rule.matchGroups.flatMap((reference) => matchesOf(items, namespace, reference));
    return matches.length === 0 ? [] : [{ ...rule, matches }];
  });
}

/** References to groups, or to conditions in them, that are not there. */
export function matchGroupResidues(items: ResolveContext['items'], routing: Routing): readonly Residue[] {
  return routing.rules
    .flatMap(({ matchGroups = [] }) => matchGroups)
    .flatMap((reference): readonly Residue[] => {
      const { specKind, name, origin } = reference;
      const full = `${specKind} ${routing.namespace}/${name}`;
      const [group] = items.list('trafficSpec', full);
      if (group === undefined) return [remark(origin, `there is no ${full}; it matches nothing`)];
      const known = group.matches.map((match) => match.name);
      return (reference.matches ?? [])
        .filter((wanted) => !known.includes(wanted))
        .map((wanted) => remark(origin, `${full} has no match ${wanted}`));
    });
}

function matchesOf(
  items: ResolveContext['items'],
  namespace: string,
  { specKind, name, matches: wanted }: TrafficSpecReference,
): readonly RuleMatch[] {
  return items
    .list('trafficSpec', `${specKind} ${namespace}/${name}`)
    .flatMap(({ matches }) => matches)
    .filter((match) => wanted === undefined || wanted.includes(match.name))
    .map(ruleMatch);
}

function ruleMatch({ name, pathRegex, methods, headers }: TrafficSpecMatch): RuleMatch {
  const method = methodMatch(methods);
  return {
    name,
    http: {
      ...(pathRegex === undefined ? {} : { path: { regex: fromTheBeginning(pathRegex) } }),
      ...(method === undefined ? {} : { method }),
      headers: headers.map(({ name: header, regex }) => ({ name: header, match: { regex } })),
      queryParameters: [],
    },
  };
}

/** The Plan's expressions match whole values; those of a group only have to match from the beginning of the path. */
export function fromTheBeginning(regex: string): string {
  return `(?:${regex.startsWith('^') ? regex.slice(1) : regex}).*`;
}

function methodMatch(methods: readonly string[]): StringMatch | undefined {
  const [only, ...others] = methods;
  if (only === undefined || methods.includes('*')) return undefined;
  return others.length === 0 ? { exact: only } : { regex: methods.join('|') };
}

function remark(origin: Residue['origin'], message: string): Residue {
  return { origin, severity: 'invalid', message: `${origin.field}: ${message}` };
}

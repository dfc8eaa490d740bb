import type { ItemOf } from '../model/fragment.ts';
import type { TrafficSpecMatch, TrafficSpecReference } from '../model/security.ts';
import type { AuthorizationPolicyPlan, AuthorizationRule, Condition } from '../plan.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import { listeningPorts } from './listening-ports.ts';
import { fromTheBeginning } from './match-groups.ts';

/** `deny`: workloads of the namespace may be called only as TrafficTargets say; `allow` takes one out of that for the mesh. */
export const TRAFFIC_ACCESS_LABEL = 'meshwise.dev/traffic-access';

type TrafficTarget = ItemOf<'traffic-target'>;
type Conditions = readonly Condition[];

/**
 * What SMI allows at workloads of an account; undefined where they are not under its access control, which ADR 0025 says when
 * they are. "Access control in this specification is additive": a request that one target allows is allowed. Clients without
 * an identity are nobody's source.
 */
export function defineTrafficTargets(
  context: ResolveContext,
): Query<[namespace: string, serviceAccount: string], readonly AuthorizationPolicyPlan[] | undefined> {
  const { engine, items, settings } = context;

  const rulesOf = (target: TrafficTarget): readonly AuthorizationRule[] => {
    const { destination, namespace, sources } = target;
    if (sources.length === 0) return [];
    const principals = sources.map((one) => ({ exact: `${settings.trustDomain}/ns/${one.namespace}/sa/${one.name}` }));
    const from: readonly Conditions[] = [[{ of: 'principal', anyOf: principals, noneOf: [] }]];
    const listening = (ports: readonly number[]): Conditions =>
      ports.length === 0
        ? []
        : [
            {
              of: 'destination-port',
              anyOf: listeningPorts(context, destination.namespace, destination.name, ports),
              noneOf: [],
            },
          ];
    const when = listening(target.port === undefined ? [] : [target.port]);
    // A rule for each reference: what one of them asks of requests leaves bytes that another allows alone.
    return target.rules.flatMap((reference): readonly AuthorizationRule[] => {
      const [spec] = items.list('trafficSpec', `${reference.specKind} ${namespace}/${reference.name}`);
      if (spec === undefined || spec.specKind === 'UDPRoute') return [];
      const { origin } = reference;
      if (spec.specKind === 'TCPRoute') return [{ from, to: [], when: [...when, ...listening(spec.ports)], origin }];
      const to = matchesFor(spec, reference).map(conditionsOf);
      return to.length === 0 ? [] : [{ from, to, when, origin }];
    });
  };

  const denialOf = (namespace: string): AuthorizationPolicyPlan | undefined => {
    const labelled = [namespace, settings.rootNamespace]
      .flatMap((name) => items.list('namespace', name).slice(0, 1))
      .find(({ labels }) => labels[TRAFFIC_ACCESS_LABEL] !== undefined);
    if (labelled?.labels[TRAFFIC_ACCESS_LABEL] !== 'deny') return undefined;
    const origin = { ...labelled.origin, field: `metadata.labels["${TRAFFIC_ACCESS_LABEL}"]` };
    return { name: `Namespace ${labelled.name}`, rules: [], origin };
  };

  return engine.query('trafficTargets', (namespace: string, serviceAccount: string) => {
    const targets = items.list('trafficTargetByDestination', `${namespace}/${serviceAccount}`);
    if (targets.length > 0) {
      return targets.map((target) => ({
        name: `TrafficTarget ${target.namespace}/${target.name}`,
        rules: rulesOf(target),
        origin: target.origin,
      }));
    }
    const denial = denialOf(namespace);
    return denial === undefined ? undefined : [denial];
  });
}

/** The matches of a group that a reference means. */
function matchesFor({ matches }: ItemOf<'traffic-spec'>, { matches: wanted }: TrafficSpecReference) {
  return matches.filter(({ name }) => wanted === undefined || wanted.includes(name));
}

function conditionsOf({ pathRegex, methods, headers }: TrafficSpecMatch): Conditions {
  const conditions: Conditions = [
    ...(pathRegex === undefined
      ? []
      : [{ of: 'path', anyOf: [{ regex: fromTheBeginning(pathRegex) }], noneOf: [] } as const]),
    ...(methods.length === 0
      ? []
      : [{ of: 'method', anyOf: methods.map((exact) => ({ exact })), noneOf: [] } as const]),
    ...headers.map(({ name, regex }) => ({ of: 'header', name, anyOf: [{ regex }], noneOf: [] }) as const),
  ];
  // A match that takes every request still takes no bytes.
  return conditions.length > 0 ? conditions : [{ of: 'method', anyOf: [{ present: true }], noneOf: [] }];
}

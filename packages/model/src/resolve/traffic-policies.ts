import { GATEWAY_API } from '@meshwise/resources';
import type { ItemOf } from '../model/fragment.ts';
import { byAge } from '../model/item.ts';
import type { PolicyTarget } from '../model/limits.ts';
import type { GlobalRateLimit, HealthCheck, HttpFunctions, RouteLimits } from '../plan.ts';
import type { Residue } from '../provenance.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';

type TrafficPolicy = ItemOf<'traffic-policy'>;

/** What TrafficPolicies say of a port of a service, put together. */
export interface ServiceLimits extends RouteLimits {
  readonly healthCheck?: HealthCheck;
  readonly bulkhead?: NonNullable<TrafficPolicy['bulkhead']>;
  readonly retryBudget?: NonNullable<TrafficPolicy['retryBudget']>;
}

export interface TrafficPolicies {
  readonly ofService: Query<[namespace: string, name: string, port: number], ServiceLimits>;
  /** `kind`: VirtualService, HTTPRoute or GRPCRoute; `rule` is the name of one of its rules, '' for one without. */
  readonly ofRouting: Query<[kind: string, namespace: string, name: string, rule: string], RouteLimits>;
  /** `group` tells Istio's Gateways and those of the Gateway API apart; `server` is the name of the server's port, '' for one without. */
  readonly ofGateway: Query<[group: string, namespace: string, name: string, server: string], RouteLimits>;
  /** Whether requests carry a deadline anywhere in the mesh; then every proxy looks for it. */
  readonly hasDeadlines: Query<[], boolean>;
  /** Which of the functions need more than routes and ports can bring; part of every Plan. */
  readonly functions: Query<[], { readonly functions?: HttpFunctions }>;
  /** The counters that the rate-limit service keeps, by name. */
  readonly globalRules: Query<[], TrafficPolicy['globalRules']>;
  readonly residues: Query<[], readonly Residue[]>;
}

/** Functions of a policy that only make sense for some targets. */
const ONLY_FOR_SERVICES = ['healthCheck', 'bulkhead', 'retryBudget'] as const;

/**
 * Which TrafficPolicies hold where (attachment as in Gateway API's GEP-713: direct, by name, in the same namespace). Of
 * several for one target the oldest that says something of a function decides it; global limits all hold. A policy for a
 * section is nearer than one for the whole.
 */
export function defineTrafficPolicies({ engine, items }: Pick<ResolveContext, 'engine' | 'items'>): TrafficPolicies {
  const of = (
    group: string,
    namespace: string,
    kind: string,
    name: string,
    sections: readonly string[],
  ): readonly TrafficPolicy[] => {
    const attached = items
      .list('trafficPolicyByNamespace', namespace)
      .flatMap((policy) =>
        policy.targets.filter((target) => isFor(target, group, kind, name)).map((target) => ({ policy, target })),
      );
    const nearest = attached.filter(
      ({ target }) => target.sectionName !== undefined && sections.includes(target.sectionName),
    );
    const wide = attached.filter(({ target }) => target.sectionName === undefined);
    const ordered = [nearest, wide].flatMap((list) => list.map(({ policy }) => policy).sort(byAge));
    return [...new Set(ordered)];
  };

  const ofService = engine.query('serviceLimits', (namespace: string, name: string, port: number): ServiceLimits => {
    const service = items.list('serviceByNamespace', namespace).find((candidate) => candidate.name === name);
    const portName = service?.ports.find((candidate) => candidate.port === port)?.name ?? '';
    const policies = of(
      '',
      namespace,
      'Service',
      name,
      [String(port), portName].filter((section) => section !== ''),
    );
    const healthCheck = first(policies, 'healthCheck');
    const bulkhead = first(policies, 'bulkhead');
    const retryBudget = first(policies, 'retryBudget');
    return {
      ...routeLimits(policies),
      ...(healthCheck === undefined ? {} : { healthCheck }),
      ...(bulkhead === undefined ? {} : { bulkhead }),
      ...(retryBudget === undefined ? {} : { retryBudget }),
    };
  });

  const ofRouting = engine.query('routingLimits', (kind: string, namespace: string, name: string, rule: string) =>
    routeLimits(of(kind === 'VirtualService' ? ISTIO : GATEWAY_API, namespace, kind, name, rule === '' ? [] : [rule])),
  );
  const ofGateway = engine.query('gatewayLimits', (group: string, namespace: string, name: string, server: string) =>
    routeLimits(of(group, namespace, 'Gateway', name, server === '' ? [] : [server])),
  );

  const all = () =>
    items.keys('trafficPolicyByNamespace').flatMap((namespace) => items.list('trafficPolicyByNamespace', namespace));
  const hasDeadlines = engine.query('hasDeadlines', () => all().some(({ deadlineMs }) => deadlineMs !== undefined));
  const globalRules = engine.query('globalRules', () => all().flatMap((policy) => policy.globalRules));

  const targetResidues = (policy: TrafficPolicy): readonly Residue[] =>
    policy.targets.flatMap((target, index) => {
      const field = `spec.targetRefs[${index}]`;
      const remark = (severity: Residue['severity'], message: string): Residue => ({
        origin: { ...policy.origin, field },
        severity,
        message: `${field}: ${message}`,
      });
      const missing = missingTarget(policy.namespace, target);
      if (missing !== undefined) return [remark('invalid', missing)];
      if (target.kind === 'Service') return speaksHttp2(policy, target) ? [] : [remark('info', WITHOUT_HTTP2)];
      return ONLY_FOR_SERVICES.filter((name) => policy[name] !== undefined).map((name) =>
        remark('unsupported', `${name} acts on a Service only, not on a ${target.kind}`),
      );
    });

  /** Whether what a gRPC health check needs is there; true when there is no such check. */
  const speaksHttp2 = ({ namespace, healthCheck }: TrafficPolicy, { name, sectionName }: PolicyTarget): boolean => {
    if (healthCheck?.kind !== 'grpc') return true;
    const service = items.list('serviceByNamespace', namespace).find((candidate) => candidate.name === name);
    const ports = (service?.ports ?? []).filter(
      (port) => sectionName === undefined || sectionName === port.name || sectionName === String(port.port),
    );
    return ports.every(({ protocol }) => protocol === 'grpc' || protocol === 'http2');
  };

  const missingTarget = (namespace: string, { group, kind, name, sectionName }: PolicyTarget): string | undefined => {
    const sections = sectionsOf(group, namespace, kind, name);
    if (sections === undefined) return `there is no ${kind} ${namespace}/${name}`;
    if (sectionName === undefined || sections.includes(sectionName)) return undefined;
    return `${kind} ${namespace}/${name} has no section ${sectionName}`;
  };

  const sectionsOf = (group: string, namespace: string, kind: string, name: string): readonly string[] | undefined => {
    switch (kind) {
      case 'Service': {
        const service = items.list('serviceByNamespace', namespace).find((candidate) => candidate.name === name);
        return service?.ports.flatMap((port) => [String(port.port), port.name]);
      }
      case 'Gateway':
        return items
          .list(group === GATEWAY_API ? 'classGateway' : 'gateway', `${namespace}/${name}`)[0]
          ?.servers.flatMap(({ portName }) => portName ?? []);
      case 'HTTPRoute':
      case 'GRPCRoute':
        return items.list('attachedRoute', `${kind} ${namespace}/${name}`)[0]?.rules.flatMap((rule) => rule.name ?? []);
      default:
        return items.list('routing', `${namespace}/${name}`)[0]?.rules.flatMap((rule) => rule.name ?? []);
    }
  };

  const residues = engine.query('trafficPolicyResidues', () =>
    all().flatMap((policy) => [...targetResidues(policy), ...shadowed(policy)]),
  );

  /** Functions of a policy that an older one for the same target decides. */
  const shadowed = (policy: TrafficPolicy): readonly Residue[] => {
    const older = items.list('trafficPolicyByNamespace', policy.namespace).filter((other) => byAge(other, policy) < 0);
    return FUNCTIONS.filter((name) => policy[name] !== undefined).flatMap((name) => {
      const winner = older.find(
        (other) =>
          other[name] !== undefined &&
          policy.targets.every((target) => other.targets.some((its) => isSame(its, target))),
      );
      if (winner === undefined) return [];
      const message = `spec: the older ${winner.name} decides ${name} for the same targets`;
      return [{ origin: { ...policy.origin, field: 'spec' }, severity: 'invalid' as const, message }];
    });
  };

  const functions = engine.query('httpFunctions', () => {
    const used: HttpFunctions = {
      ...(hasDeadlines() ? { deadlines: true } : {}),
      ...(globalRules().length > 0 ? { globalRateLimits: true } : {}),
    };
    return Object.keys(used).length === 0 ? {} : { functions: used };
  });

  return { ofService, ofRouting, ofGateway, hasDeadlines, functions, globalRules, residues };
}

const WITHOUT_HTTP2 =
  'the gRPC health check is made only to ports that speak HTTP/2 (gRPC, HTTP2, or h2UpgradePolicy), and some do not';

const FUNCTIONS = ['localRateLimit', 'healthCheck', 'bulkhead', 'deadlineMs', 'retryBudget'] as const;

const ISTIO = 'networking.istio.io';

function isFor(target: PolicyTarget, group: string, kind: string, name: string): boolean {
  return target.group === group && target.kind === kind && target.name === name;
}

function isSame(a: PolicyTarget, b: PolicyTarget): boolean {
  return a.group === b.group && a.kind === b.kind && a.name === b.name && a.sectionName === b.sectionName;
}

function first<K extends 'healthCheck' | 'bulkhead' | 'retryBudget' | 'localRateLimit'>(
  policies: readonly TrafficPolicy[],
  name: K,
): TrafficPolicy[K] | undefined {
  return policies.find((policy) => policy[name] !== undefined)?.[name];
}

function routeLimits(policies: readonly TrafficPolicy[]): RouteLimits {
  const local = first(policies, 'localRateLimit');
  const global: readonly GlobalRateLimit[] = policies.flatMap((policy) => policy.globalRateLimits);
  const withDeadline = policies.find((policy) => policy.deadlineMs !== undefined);
  const deadline =
    withDeadline?.deadlineMs === undefined
      ? undefined
      : { budgetMs: withDeadline.deadlineMs, origin: { ...withDeadline.origin, field: 'spec.deadline' } };
  return {
    ...(local === undefined ? {} : { local }),
    ...(global.length === 0 ? {} : { global }),
    ...(deadline === undefined ? {} : { deadline }),
  };
}

import { create } from '@bufbuild/protobuf';
import type { AuthorizationPolicyPlan, AuthorizationRule, Condition } from '@meshwise/model';
import {
  type Permission,
  PermissionSchema,
  type Policy,
  PolicySchema,
  type Principal,
  PrincipalSchema,
} from '../../../gen/envoy/config/rbac/v3/rbac_pb.js';
import { askedBy } from './conditions.ts';
import { type CalledLeaf, type CallerLeaf, type EitherLeaf, permissionOf, principalOf, type Tree } from './tree.ts';

/** RBAC's policies by name, of which one has to match. */
export type Policies = Readonly<Record<string, Policy>>;

export interface PrintOptions {
  /** Whether a match lets in: what RBAC cannot look for then counts as not found, and as found otherwise. */
  readonly grants: boolean;
  readonly namePrefix?: string;
}

export function policiesOf(plans: readonly AuthorizationPolicyPlan[], options: PrintOptions): Policies {
  const named = new Map<string, Policy>();
  for (const plan of plans) {
    for (const [index, rule] of plan.rules.entries()) {
      const name = `${options.namePrefix ?? ''}${policyName(plan.name)}-rule[${index}]`;
      // A name that is taken would take the place of a rule.
      for (const sides of ruleParts(rule, options)) named.set(freeName(name, named), policyOf(sides));
    }
  }
  return Object.fromEntries(named);
}

function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  let free = name;
  for (let count = 1; taken.has(free); count += 1) free = `${name}-${count}`;
  return free;
}

/** What matches one policy of each. */
export function conjunction(sets: readonly Policies[]): Policies {
  const [first = {}, ...rest] = sets;
  return rest.reduce<Policies>((left, right) => {
    const pairs = Object.entries(left).flatMap(([name, policy]) =>
      Object.entries(right).map(([other, second]) => [`${name}+${other}`, both(policy, second)] as const),
    );
    return Object.fromEntries(pairs);
  }, first);
}

/** Istio's names, which stand in access logs and statistics: `ns[default]-policy[viewer]`. */
function policyName(name: string): string {
  const [, kind = '', namespace = '', own = name] = /^(?:(.*) )?([^/ ]*)\/(.*)$/.exec(name) ?? [];
  return `${kind === '' ? '' : `${kind}-`}ns[${namespace}]-policy[${own}]`;
}

interface Part {
  readonly caller: readonly Tree<CallerLeaf | EitherLeaf>[];
  readonly called: readonly Tree<CalledLeaf | EitherLeaf>[];
}

/** Alternatives of which RBAC matches one on each side. */
interface Sides {
  readonly callers: readonly Part['caller'][];
  readonly calleds: readonly Part['called'][];
}

/**
 * RBAC joins alternatives of callers with alternatives of what is called. A rule is one policy as long as no alternative
 * asks of both; otherwise it is one for each pair.
 */
function ruleParts({ from, to, when }: AuthorizationRule, { grants }: PrintOptions): readonly Sides[] {
  const onDoubt = grants ? 'never' : 'always';
  const split = (conditions: readonly Condition[], either: 'caller' | 'called') => divided(conditions, either, onDoubt);
  const sources = orNothing(from.map((conditions) => split(conditions, 'caller')));
  const targets = orNothing(to.map((conditions) => split(conditions, 'called')));
  const always = split(when, 'called');
  const caller = (part: Part) => [...part.caller, ...always.caller];
  const called = (part: Part) => [...part.called, ...always.called];
  const isApart =
    sources.every((part) => part.called.length === 0) && targets.every((part) => part.caller.length === 0);
  if (isApart) return [{ callers: sources.map(caller), calleds: targets.map(called) }];
  return sources.flatMap((source) =>
    targets.map((target) => ({
      callers: [caller({ ...source, caller: [...source.caller, ...target.caller] })],
      calleds: [called({ ...target, called: [...target.called, ...source.called] })],
    })),
  );
}

const NOTHING: Part = { caller: [], called: [] };

function orNothing(parts: readonly Part[]): readonly Part[] {
  return parts.length === 0 ? [NOTHING] : parts;
}

function divided(conditions: readonly Condition[], either: 'caller' | 'called', onDoubt: 'always' | 'never'): Part {
  const caller: Part['caller'][number][] = [];
  const called: Part['called'][number][] = [];
  for (const condition of conditions) {
    const asked = askedBy(condition, onDoubt);
    if (asked.of === 'caller') caller.push(asked.tree);
    else if (asked.of === 'called') called.push(asked.tree);
    else (either === 'caller' ? caller : called).push(asked.tree);
  }
  return { caller, called };
}

function policyOf({ callers, calleds }: Sides): Policy {
  return create(PolicySchema, {
    permissions: calleds.map((all) => permissionOf({ all })),
    principals: callers.map((all) => principalOf({ all })),
  });
}

function both(left: Policy, right: Policy): Policy {
  const called = (rules: Permission[]) => create(PermissionSchema, { rule: { case: 'orRules', value: { rules } } });
  const caller = (ids: Principal[]) => create(PrincipalSchema, { identifier: { case: 'orIds', value: { ids } } });
  const rules = [called(left.permissions), called(right.permissions)];
  const ids = [caller(left.principals), caller(right.principals)];
  return create(PolicySchema, {
    permissions: [{ rule: { case: 'andRules', value: { rules } } }],
    principals: [{ identifier: { case: 'andIds', value: { ids } } }],
  });
}

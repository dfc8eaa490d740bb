import { isDeepStrictEqual } from 'node:util';
import type { AuthorizationPolicyPlan, AuthorizationRule, Condition } from '@meshwise/model';
import { asksForPort, ruleAt } from './at-port.ts';

const EVERYWHERE = ['0.0.0.0/0', '::/0'];
const HAS_ADDRESS: Condition = { of: 'destination-ip', anyOf: EVERYWHERE, noneOf: [] };
const HAS_NONE: Condition = { of: 'destination-ip', anyOf: [], noneOf: EVERYWHERE };

/**
 * Connections that come by a Unix socket have neither address nor port, so Envoy finds none of the ports that rules ask
 * for. Such a rule becomes one for connections with an address, and others for those without, which hold when the rule
 * would at the ports behind the sockets: at all of them to let in, at one to refuse. Where several ports are behind sockets
 * that errs shut, since nobody can tell them apart.
 */
export function atSockets(
  policy: AuthorizationPolicyPlan,
  ports: readonly number[],
  lets: 'in' | 'nobody in',
): AuthorizationPolicyPlan {
  if (ports.length === 0 || !policy.rules.some(asksForPort)) return policy;
  const rules = policy.rules.flatMap((rule) => {
    if (!asksForPort(rule)) return [rule];
    const bySocket = lets === 'in' ? everywhere(rule, ports) : ports.flatMap((port) => ruleAt(rule, port) ?? []);
    return [and(rule, HAS_ADDRESS), ...bySocket.map((one) => and(one, HAS_NONE))];
  });
  return { ...policy, rules };
}

/** The rule as it is at all of the ports, if it is the same. */
function everywhere(rule: AuthorizationRule, ports: readonly number[]): readonly AuthorizationRule[] {
  const [first, ...others] = ports.map((port) => ruleAt(rule, port));
  return first !== undefined && others.every((other) => isDeepStrictEqual(first, other)) ? [first] : [];
}

function and(rule: AuthorizationRule, condition: Condition): AuthorizationRule {
  return { ...rule, when: [...rule.when, condition] };
}

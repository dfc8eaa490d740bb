import type { AuthorizationPolicyPlan, Condition, GatewayPlacement, SecurityPlan } from '@meshwise/model';
import { memoisePair } from '../memoise.ts';
import { atSockets } from './at-sockets.ts';

/**
 * A gateway listens where there was place, and rules ask for the port of its server (`destination-port`): what they ask
 * for are the ports that are really called.
 */
export const atLocalPorts = memoisePair((plan: SecurityPlan, { ports, inside }: GatewayPlacement): SecurityPlan => {
  const { authorization } = plan;
  if (authorization === undefined) return plan;
  const local = (port: number): readonly number[] => {
    const place = ports[port];
    const own = place !== undefined && 'port' in place ? [place.port] : [];
    const called = [...own, ...(inside?.ports[port] === undefined ? [] : [inside.ports[port]])];
    return called.length === 0 ? [port] : called;
  };
  const moved = (condition: Condition): Condition =>
    condition.of === 'destination-port'
      ? { ...condition, anyOf: condition.anyOf.flatMap(local), noneOf: condition.noneOf.flatMap(local) }
      : condition;
  const sockets = Object.entries(ports).flatMap(([port, place]) => ('socketPath' in place ? [Number(port)] : []));
  const here = (policy: AuthorizationPolicyPlan): AuthorizationPolicyPlan => ({
    ...policy,
    rules: policy.rules.map(({ from, to, when, origin }) => ({
      from: from.map((conditions) => conditions.map(moved)),
      to: to.map((conditions) => conditions.map(moved)),
      when: when.map(moved),
      origin,
    })),
  });
  const refusing = (policy: AuthorizationPolicyPlan) => here(atSockets(policy, sockets, 'nobody in'));
  const { external, deny, audit, allow } = authorization;
  return {
    ...plan,
    authorization: {
      ...(external === undefined ? {} : { external: { ...external, policies: external.policies.map(refusing) } }),
      deny: deny.map(refusing),
      audit: audit.map(refusing),
      allow: allow.map((set) => set.map((policy) => here(atSockets(policy, sockets, 'in')))),
    },
  };
});

import type { Condition } from '@meshwise/model';
import { expect, test } from 'vitest';
import { account, allow, authorization, deny, policy, rule } from '../../control-plane/testing/security.ts';
import { atPort } from './at-port.ts';
import { connectionFilters } from './connection-filters.ts';
import { atLocalPorts } from './gateway-ports.ts';

const ports = (...anyOf: readonly number[]): Condition => ({ of: 'destination-port', anyOf, noneOf: [] });
const notPorts = (...noneOf: readonly number[]): Condition => ({ of: 'destination-port', anyOf: [], noneOf });
const who = account('a');

test('rules for another port are gone, and those for this one do not ask for it any more', () => {
  const at = (list: ReturnType<typeof rule>[]) => atPort(deny(...list), 80).authorization?.deny[0]?.rules;
  expect(at([rule({ to: [[ports(80)]] }), rule({ to: [[ports(81)]] })])).toEqual([rule({ to: [[]] })]);
  expect(at([rule({ from: [[who]], to: [[ports(81)], [ports(80, 81)]] })])).toEqual([
    rule({ from: [[who]], to: [[]] }),
  ]);
  expect(at([rule({ when: [notPorts(80)] }), rule({ when: [notPorts(81), who] })])).toEqual([rule({ when: [who] })]);
});

test('a plan that asks for no port is the very same', () => {
  const plan = deny(rule({ from: [[who]] }));
  expect(atPort(plan, 80)).toBe(plan);
  expect(connectionFilters(plan, 80)).toBe(connectionFilters(plan, 80));
});

test('a change of the rules for one port leaves the filters of the others equal', () => {
  const other = deny(rule({ from: [[who]], to: [[ports(81)]] }));
  expect(connectionFilters(other, 80)).toEqual([]);
  expect(connectionFilters(other, 81)).toHaveLength(1);
});

test('without a rule for its port an ALLOW policy lets nobody in', () => {
  const plan = authorization({ allow: [[policy(rule({ to: [[ports(81)]] }))]] });
  expect(connectionFilters(plan, 80)).toHaveLength(1);
});

test('a gateway’s ports are those where it listens, from outside and from inside', () => {
  const placement = {
    bindAddress: '0.0.0.0',
    ports: { 80: { port: 18_080 }, 90: { port: 90 } },
    inside: { bindAddress: '10.244.0.1', ports: { 80: 8080 } },
  };
  const plan = allow(rule({ from: [[who]], to: [[ports(80, 90)]], when: [notPorts(80, 443)] }));
  expect(atLocalPorts(plan, placement).authorization?.allow[0]?.[0]?.rules).toEqual([
    rule({ from: [[who]], to: [[ports(18_080, 8080, 90)]], when: [notPorts(18_080, 8080, 443)] }),
  ]);
  expect(atLocalPorts(plan, placement)).toBe(atLocalPorts(plan, placement));
});

test('what comes to a gateway by sockets, which have no ports, is let in where all of them are, and refused where one is', () => {
  const ports80 = ports(80);
  const at = (plan: ReturnType<typeof allow>, ...sockets: readonly number[]) => {
    const behind = Object.fromEntries(sockets.map((port) => [port, { socketPath: `/${port}` }]));
    return atLocalPorts(plan, { bindAddress: '0.0.0.0', ports: { 80: { port: 80 }, ...behind } }).authorization;
  };
  const everywhere = ['0.0.0.0/0', '::/0'];
  const byAddress: Condition = { of: 'destination-ip', anyOf: everywhere, noneOf: [] };
  const bySocket: Condition = { of: 'destination-ip', anyOf: [], noneOf: everywhere };
  const asked = (condition: Condition) => rule({ from: [[who]], to: [[condition]] });
  const counted = (condition: Condition) => rule({ from: [[who]], to: [[condition]], when: [byAddress] });
  const open = rule({ from: [[who]], to: [[]], when: [bySocket] });
  const rulesOf = (condition: Condition) => {
    const [denied] = at(deny(asked(condition)), 90, 91)?.deny ?? [];
    const [[allowed] = []] = at(allow(asked(condition)), 90, 91)?.allow ?? [];
    return [denied?.rules, allowed?.rules];
  };
  expect(rulesOf(ports80)).toEqual([[counted(ports80)], [counted(ports80)]]);
  expect(rulesOf(ports(90))).toEqual([[counted(ports(90)), open], [counted(ports(90))]]);
  expect(rulesOf(notPorts(90))).toEqual([[counted(notPorts(90)), open], [counted(notPorts(90))]]);
  expect(rulesOf(notPorts(80))[1]).toEqual([counted(notPorts(80)), open]);
  expect(at(allow(asked(ports(90))), 90)?.allow[0]?.[0]?.rules).toEqual([counted(ports(90)), open]);
  expect(at(deny(asked(ports80)))?.deny[0]?.rules).toEqual([asked(ports80)]);
});

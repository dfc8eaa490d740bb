import { ManualClock } from '@meshwise/core';
import type { InboundPlan, OutboundPlan, PatchPlan } from '@meshwise/model';
import { describe, expect, it } from 'vitest';
import {
  forwardRoute,
  inboundPort,
  loopbackWorkload,
  origin,
  virtualHostPlan,
} from '../control-plane/testing/plans.ts';
import { emptyOutbound } from '../control-plane/testing/static-model.ts';
import { patch, printed } from '../patch/testing/printed.ts';
import { type ScratchEnvoy, Verdicts } from '../validate/verdicts.ts';
import { Gate } from './gate.ts';
import { Screen } from './screen.ts';

const WORKLOAD = loopbackWorkload({
  name: 'a',
  podIp: '10.244.0.1',
  programIp: '127.0.0.9',
  tunnelSocketPath: '/run/t.sock',
});

/** Refuses what has the word `bad` in it. */
const fussy: ScratchEnvoy = (bootstrap) => {
  const isBad = Buffer.from(bootstrap).includes('bad');
  return Promise.resolve(isBad ? { status: 'refused', message: 'it is bad' } : { status: 'accepted' });
};

const clock = new ManualClock();

function screen(scratch: ScratchEnvoy | undefined) {
  const gate = new Gate(new Verdicts(scratch, () => gate.advance(), clock));
  const said = () => [...gate.residues().values()].flat().map(({ severity, message }) => `${severity}: ${message}`);
  return { gate, screen: new Screen(gate, 'test'), said };
}

const plan = (...regexes: readonly string[]): OutboundPlan => ({
  ...emptyOutbound('sidecar/default'),
  httpPorts: [
    {
      port: 80,
      virtualHosts: regexes.map((regex, index) =>
        virtualHostPlan(`host-${index}`, 80, [
          {
            ...forwardRoute(['c', 1]),
            match: { path: { regex }, headers: [], queryParameters: [] },
            origin: origin('VirtualService', `v${index}`, 'spec.http[0]'),
          },
          forwardRoute(['c', 1]),
        ]),
      ),
    },
  ],
});
const hostsOf = ({ httpPorts }: OutboundPlan) => httpPorts.flatMap(({ virtualHosts }) => virtualHosts);

describe('what only an Envoy can judge', () => {
  it('passes through as the very same object where there is nothing of the kind', () => {
    const { screen: passing, gate } = screen(fussy);
    const simple = { ...plan(), clusters: [] };
    expect(passing.outbound(simple)).toBe(simple);
    const resources = [printed.outbound, printed.tcp];
    expect(passing.own('sidecar', resources, undefined, [])).toBe(resources);
    expect(gate.isWaiting).toBe(false);
  });

  it('is held back and said when Envoy gave no answer, and passes when it is asked again', async () => {
    let isBusy = true;
    const {
      screen: passing,
      gate,
      said,
    } = screen((bootstrap) =>
      isBusy ? Promise.resolve({ status: 'undecided', message: 'it took too long' }) : fussy(bootstrap),
    );
    const good = plan('a.*');
    passing.outbound(good);
    await gate.verdicts.settled();
    expect(hostsOf(passing.outbound(good))[0]?.routes).toHaveLength(1);
    expect(said()).toEqual([expect.stringMatching(/^invalid: .*could not be checked: it took too long/)]);
    expect(gate.isWaiting).toBe(true);
    isBusy = false;
    await clock.advance(60_000);
    passing.outbound(good);
    await gate.verdicts.settled();
    expect(passing.outbound(good)).toBe(good);
    expect([gate.isWaiting, said()]).toEqual([false, []]);
  });

  it('waits, and then passes as it is', async () => {
    const { screen: passing, gate, said } = screen(fussy);
    const good = plan('a.*', 'b.*');
    expect(hostsOf(passing.outbound(good))).toEqual([]);
    expect([gate.isWaiting, passing.isDue]).toEqual([true, false]);
    await gate.verdicts.settled();
    expect(passing.isDue).toBe(true);
    expect(passing.outbound(good)).toBe(good);
    expect([gate.isWaiting, said()]).toEqual([false, []]);
  });

  it('leaves a host as it was while its new routes are refused, and says so on the field', async () => {
    const { screen: passing, gate, said } = screen(fussy);
    const before = plan('a', 'b');
    passing.outbound(before);
    await gate.verdicts.settled();
    passing.outbound(before);
    const after = plan('bad', 'c');
    expect(hostsOf(passing.outbound(after))).toEqual(hostsOf(before));
    await gate.verdicts.settled();
    const [first, second] = hostsOf(passing.outbound(after));
    expect(first).toBe(hostsOf(before)[0]);
    expect(second).toBe(hostsOf(after)[1]);
    expect(said()).toEqual(['invalid: spec.http[0]: Envoy refuses this, and what was there before holds: it is bad']);
  });

  it('leaves out the route in question where there was nothing before', async () => {
    const { screen: passing, gate } = screen(fussy);
    passing.outbound(plan('bad'));
    await gate.verdicts.settled();
    expect(hostsOf(passing.outbound(plan('bad'))).map(({ routes }) => routes.length)).toEqual([1]);
  });

  it('passes unchecked, and says so, where there is no Envoy', async () => {
    const { screen: passing, gate, said } = screen(undefined);
    const any = plan('a');
    passing.outbound(any);
    await gate.verdicts.settled();
    expect(passing.outbound(any)).toBe(any);
    expect(said()).toEqual([expect.stringMatching(/^info: .*could not be checked: there is no Envoy/)]);
  });
});

describe('conditions of limits on a workload', () => {
  const limited = (pod: string): InboundPlan => ({
    workload: { ...WORKLOAD, pod },
    ports: [
      inboundPort(9080, {
        globalRateLimits: [
          {
            rule: 'r',
            descriptors: [{ kind: 'header-match', name: 'x', match: { regex: 'bad' }, value: 'v' }],
            onFailure: 'allow',
            origin: origin('TrafficPolicy', 'p'),
          },
        ],
      }),
    ],
  });

  it('are said of as long as there are any, and nothing waits for those that are gone', async () => {
    const { screen: passing, gate, said } = screen(fussy);
    passing.inbound([limited('a')]);
    expect(gate.isWaiting).toBe(true);
    passing.inbound([]);
    expect(gate.isWaiting).toBe(false);
    await gate.verdicts.settled();
    passing.inbound([limited('a')]);
    expect(said()).toEqual([expect.stringMatching(/^invalid: .*does not count: it is bad/)]);
    const unlimited = { workload: { ...WORKLOAD, pod: 'a' }, ports: [] };
    expect(passing.inbound([unlimited])[0]).toBe(unlimited);
    expect(said()).toEqual([]);
  });
});

describe('patches', () => {
  const merge = (value: object, more: Partial<PatchPlan> = {}) => patch('LISTENER', 'MERGE', { value, ...more });
  const resources = [printed.outbound, printed.tcp];

  it('leave what they patch as it was until it is known to be right', async () => {
    const { screen: passing, gate } = screen(fussy);
    passing.own('sidecar', resources, undefined, []);
    const patches = [merge({ stat_prefix: 'good' })];
    expect(passing.own('sidecar', resources, patches, [])).toEqual(resources);
    await gate.verdicts.settled();
    const next = passing.own('sidecar', resources, patches, []);
    expect(next.map(({ message }) => message)).toMatchObject([{ statPrefix: 'good' }, { statPrefix: 'good' }]);
    // Asked again, nothing is made anew.
    expect(passing.own('sidecar', [...resources], patches, [])).toBe(next);
  });

  it('that are refused are left out, one by one, and only where they are', async () => {
    const { screen: passing, gate, said } = screen(fussy);
    const here = { match: { listener: { portNumber: 3306 } } };
    const patches = [
      merge({ stat_prefix: 'good' }),
      merge({ stat_prefix: 'bad' }, here),
      merge({ tcp_backlog_size: 7 }),
    ];
    for (let round = 0; round < 6; round += 1) {
      passing.own('sidecar', resources, patches, []);
      await gate.verdicts.settled();
    }
    const next = passing.own('sidecar', resources, patches, []);
    const expected = { statPrefix: 'good', tcpBacklogSize: 7 };
    expect(next.map(({ message }) => message)).toMatchObject([expected, expected]);
    expect(said()).toEqual([
      expect.stringMatching(/^invalid: spec\.configPatches.*is not applied to 10\.96\.0\.9_3306: it is bad/),
    ]);
  });

  it('are refused by the rules of Envoy’s schemas even where there is no Envoy', async () => {
    const { screen: passing, gate, said } = screen(undefined);
    const patches = [patch('FILTER_CHAIN', 'ADD', { value: { filters: [{ name: '' }] } })];
    passing.own('sidecar', resources, patches, []);
    await gate.verdicts.settled();
    expect(passing.own('sidecar', resources, patches, [])).toEqual(resources);
    expect(said().every((text) => text.startsWith('invalid: '))).toBe(true);
  });

  it('that match nothing anywhere are remarked upon', () => {
    const { screen: passing, said } = screen(fussy);
    passing.own('sidecar', resources, [merge({}, { match: { listener: { portNumber: 1 } } })], []);
    expect(said()).toEqual([expect.stringMatching(/^info: .*matches nothing/)]);
    passing.own('sidecar', resources, undefined, []);
    expect(said()).toEqual([]);
  });
});

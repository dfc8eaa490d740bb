import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { REVIEWS, shiftOf, TestShifts } from './testing.ts';

let shifts: TestShifts;

beforeEach(async () => {
  shifts = new TestShifts();
  shifts.start();
  await shifts.apply(...REVIEWS);
  shifts.meter.behaviour = { v1: { rps: 18 }, v3: { rps: 4 } };
});
afterEach(() => shifts.stop());

const logOf = async () => ((await shifts.shift())?.status?.log ?? []).map(({ message }) => message);

describe('a shift', () => {
  test('TrafficShift steps.weights, hold and gate: it goes through them, and is promoted (001-43)', async () => {
    await shifts.apply(shiftOf());
    expect([await shifts.phase(), await shifts.weights()]).toEqual(['Holding 0', 'v1:90 v3:10']);
    await shifts.pass(8_000);
    expect(await shifts.phase()).toBe('Holding 0');
    await shifts.pass(4_000);
    expect([await shifts.phase(), await shifts.weights()]).toEqual(['Holding 1', 'v1:50 v3:50']);
    await shifts.pass(14_000);
    expect([await shifts.phase(), await shifts.weights()]).toEqual(['Promoted 2', 'v1:0 v3:100']);
    expect(await logOf()).toEqual([
      'it begins; setting step 1 of 3: v1 90 %, v3 10 %',
      expect.stringMatching(
        /^step 1 passed: v3: success 100 % of \d+ requests \(at least 99 %\); v3: p99 11 ms of \d+ requests/,
      ),
      expect.stringMatching(/^step 2 passed: .*; setting step 3 of 3: v3 100 %$/),
      'promoted: held for 0 s, without a gate',
      'over: the last weights stay',
    ]);
    expect((await shifts.virtualService()).spec.http?.[0]?.timeout).toBe('3s');
    expect((await shifts.shift())?.metadata.finalizers ?? []).toEqual([]);
  });

  test('goes back by itself to exactly what was before when a gate fails, without waiting for the hold', async () => {
    const before = (await shifts.virtualService()).spec;
    shifts.meter.behaviour = { v1: { rps: 90 }, v3: { rps: 10, errorPercent: 20 } };
    await shifts.apply(shiftOf());
    await shifts.pass(4_000);
    expect(await shifts.phase()).toBe('Aborted 0');
    expect((await shifts.virtualService()).spec).toEqual(before);
    expect((await logOf())[1]).toMatch(/the gate failed: v3: success 80 % of 20 requests \(at least 99 %\)/);
  });

  test('shows what it sees: weights set and observed, requests, failures, latencies, and what a gate lacks', async () => {
    shifts.meter.behaviour = { v1: { rps: 9 }, v3: { rps: 1, ms: 42 } };
    await shifts.apply(shiftOf());
    await shifts.pass(6_000);
    const status = (await shifts.shift())?.status;
    expect(status?.versions).toMatchObject([
      { name: 'v1', setWeight: 90, observedWeight: 90, requests: 36, successRate: 100 },
      { name: 'v3', setWeight: 10, observedWeight: 10, requests: 4, p99Ms: 43, latencySamples: 4 },
    ]);
    expect(status?.gate).toMatchObject({
      verdict: 'insufficient',
      checks: [{ figure: 'successRate', samples: 4, needed: 20, words: 'insufficient data: 4 of 20 requests' }, {}],
    });
    expect(status?.proxies).toEqual({ read: 3, all: 3 });
  });

  test('TrafficShift dataTimeout: it waits for data after its hold, and goes back when they do not come in time', async () => {
    shifts.meter.behaviour = {};
    await shifts.apply(shiftOf({ dataTimeout: '20s' }));
    await shifts.pass(26_000);
    expect(await shifts.phase()).toBe('Holding 0');
    expect((await shifts.shift())?.status?.message).toContain('insufficient data: 0 of 20 requests');
    await shifts.pass(8_000);
    expect([await shifts.phase(), await shifts.weights()]).toEqual(['Aborted 0', 'v1:-']);
  });

  test('without steps in between sets weights at once', async () => {
    await shifts.apply(shiftOf({ steps: [{ weights: { v1: 25, v3: 75 } }] }));
    expect([await shifts.phase(), await shifts.weights()]).toEqual(['Promoted 0', 'v1:25 v3:75']);
  });
});

describe('what people ask for', () => {
  test('TrafficShift paused holds everything, and afterwards the window begins anew', async () => {
    await shifts.apply(shiftOf());
    await shifts.pass(6_000);
    await shifts.change({ paused: true });
    shifts.meter.behaviour = { v3: { rps: 50, errorPercent: 100 } };
    await shifts.pass(60_000);
    expect([await shifts.phase(), await shifts.weights()]).toEqual(['Paused 0', 'v1:90 v3:10']);
    shifts.meter.behaviour = { v1: { rps: 18 }, v3: { rps: 4 } };
    await shifts.change({ paused: false });
    await shifts.pass(6_000);
    expect(await shifts.phase()).toBe('Holding 0');
    await shifts.pass(6_000);
    expect(await shifts.phase()).toBe('Holding 1');
  });

  test('TrafficShift promote sets the last weights, whatever gates say', async () => {
    shifts.meter.behaviour = {};
    await shifts.apply(shiftOf());
    await shifts.change({ promote: true });
    expect([await shifts.phase(), await shifts.weights()]).toEqual(['Promoted 2', 'v1:0 v3:100']);
  });

  test('TrafficShift abort brings the weights before back, also after a promotion', async () => {
    await shifts.apply(shiftOf());
    await shifts.change({ promote: true });
    await shifts.change({ abort: true });
    expect([await shifts.phase(), await shifts.weights()]).toEqual(['RolledBack 2', 'v1:-']);
  });

  test('deleting a shift that goes on is an abort; one that has ended leaves its weights', async () => {
    await shifts.apply(shiftOf());
    expect(await shifts.weights()).toBe('v1:90 v3:10');
    await shifts.store.delete({ group: 'meshwise.dev', kind: 'TrafficShift', namespace: 'default', name: 'reviews' });
    await shifts.settle();
    expect([await shifts.shift(), await shifts.weights()]).toEqual([undefined, 'v1:-']);
    await shifts.apply(shiftOf({ steps: [{ weights: { v3: 100 } }] }));
    await shifts.store.delete({ group: 'meshwise.dev', kind: 'TrafficShift', namespace: 'default', name: 'reviews' });
    await shifts.settle();
    expect([await shifts.shift(), await shifts.weights()]).toEqual([undefined, 'v1:0 v3:100']);
  });

  test('TrafficShift onFailure Pause: a gate that fails pauses as a person would', async () => {
    shifts.meter.behaviour = { v3: { rps: 20, ms: 900 } };
    await shifts.apply(shiftOf({ onFailure: 'Pause' }));
    await shifts.pass(4_000);
    expect([await shifts.phase(), await shifts.weights()]).toEqual(['Paused 0', 'v1:90 v3:10']);
    expect((await shifts.shift())?.spec?.paused).toBe(true);
    shifts.meter.behaviour = { v3: { rps: 20 } };
    await shifts.change({ paused: false });
    await shifts.pass(12_000);
    expect(await shifts.phase()).toBe('Holding 1');
  });

  test('TrafficShift testers and mirror are there as long as the shift is', async () => {
    const testers = { version: 'v3', headers: { 'end-user': { exact: 'jason' } } };
    await shifts.apply(shiftOf({ testers, mirror: { version: 'v3', percent: 50 } }));
    const { spec } = await shifts.virtualService();
    expect(spec.http).toMatchObject([
      { name: 'meshwise-shift-reviews', timeout: '3s' },
      { mirrorPercentage: { value: 50 } },
    ]);
    await shifts.pass(4_000);
    expect((await shifts.shift())?.status?.versions?.[1]?.observedWeight).toBeUndefined();
    await shifts.change({ promote: true });
    expect((await shifts.virtualService()).spec.http).toEqual([
      { timeout: '3s', route: [expect.objectContaining({ weight: 0 }), expect.objectContaining({ weight: 100 })] },
    ]);
  });
});

describe('a shift never fights', () => {
  test('when somebody else changes the weights it ends, says so, and leaves them', async () => {
    await shifts.apply(shiftOf());
    const current = await shifts.virtualService();
    const http = [{ timeout: '3s', route: [{ destination: { host: 'reviews', subset: 'v2' }, weight: 100 }] }];
    await shifts.store.update({ ...current, spec: { ...current.spec, http } }, { fieldManager: 'kubectl-edit' });
    await shifts.settle();
    expect([await shifts.phase(), await shifts.weights()]).toEqual(['Failed 0', 'v2:100']);
    expect((await shifts.shift())?.status?.message).toMatch(
      /changed by somebody else \("kubectl-edit" wrote last\)|no HTTP route/,
    );
  });

  test('when somebody else changes anything but the weights it goes on', async () => {
    await shifts.apply(shiftOf());
    const current = await shifts.virtualService();
    const http = (current.spec.http ?? []).map((route) => ({ ...route, timeout: '9s' }));
    await shifts.store.update({ ...current, spec: { ...current.spec, http } }, { fieldManager: 'kubectl-edit' });
    await shifts.pass(30_000);
    expect([await shifts.phase(), await shifts.weights()]).toEqual(['Promoted 2', 'v1:0 v3:100']);
    expect((await shifts.virtualService()).spec.http?.[0]?.timeout).toBe('9s');
  });

  test('a second one waits until the first is over', async () => {
    await shifts.apply(shiftOf());
    await shifts.apply(shiftOf({ steps: [{ weights: { v1: 100 } }] }, 'other'));
    expect((await shifts.shift('other'))?.status).toMatchObject({
      phase: 'Pending',
      message: expect.stringContaining('TrafficShift default/reviews is at work on spec.http[0]'),
    });
    expect(await shifts.weights()).toBe('v1:90 v3:10');
    await shifts.change({ abort: true });
    await shifts.pass(6_000);
    expect((await shifts.shift('other'))?.status?.phase).toBe('Promoted');
  });

  test('nor goes on with another plan than it began with', async () => {
    await shifts.apply(shiftOf());
    await shifts.change({
      versions: [
        { name: 'v1', host: 'reviews', subset: 'v1' },
        { name: 'v3', host: 'reviews', subset: 'v2' },
      ],
    });
    expect([await shifts.phase(), await shifts.weights()]).toEqual(['Failed 0', 'v1:90 v3:10']);
  });

  test.each([
    ['a subset that is not there', { host: 'reviews', subset: 'v9' }, /no DestinationRule defines subset v9/],
    ['a host that is no service', { host: 'revues', subset: 'v3' }, /host revues is no service of the mesh/],
  ])(
    'TrafficShift versions.host and subset: it does not begin with %s, and says so',
    async (_what, destination, expected) => {
      await shifts.apply(
        shiftOf({
          versions: [
            { name: 'v1', host: 'reviews', subset: 'v1' },
            { name: 'v3', ...destination },
          ],
        }),
      );
      expect((await shifts.shift())?.status).toMatchObject({
        phase: 'Pending',
        message: expect.stringMatching(expected),
      });
      expect(await shifts.weights()).toBe('v1:-');
    },
  );

  test('TrafficShift targetRef.name: it begins when what was missing is there, files come in any order', async () => {
    await shifts.store.delete({
      group: 'networking.istio.io',
      kind: 'VirtualService',
      namespace: 'default',
      name: 'reviews',
    });
    await shifts.apply(shiftOf());
    expect((await shifts.shift())?.status?.message).toContain('VirtualService default/reviews is not there');
    await shifts.apply(...REVIEWS);
    expect([await shifts.phase(), await shifts.weights()]).toEqual(['Holding 0', 'v1:90 v3:10']);
  });
});

describe('a daemon that was killed', () => {
  test('goes on where it was: with its figures, its hold and its weights before', async () => {
    await shifts.apply(shiftOf());
    await shifts.pass(6_000);
    const seen = (await shifts.shift())?.status;
    await shifts.kill();
    await shifts.clock.advance(600_000);
    shifts.start();
    await shifts.settle();
    const found = (await shifts.shift())?.status;
    expect(found?.heldMs).toBe(seen?.heldMs);
    expect(found?.versions?.map(({ requests }) => requests)).toEqual(seen?.versions?.map(({ requests }) => requests));
    await shifts.pass(2_000);
    expect(await shifts.phase()).toBe('Holding 0');
    await shifts.pass(4_000);
    expect(await shifts.phase()).toBe('Holding 1');
    await shifts.change({ abort: true });
    expect([await shifts.phase(), await shifts.weights()]).toEqual(['Aborted 1', 'v1:-']);
  });

  test.each(['before the route was written', 'after the route was written'])(
    '%s, writes each step once',
    async (when) => {
      await shifts.apply(shiftOf());
      await shifts.kill();
      const shift = await shifts.shift();
      const status = shift?.status;
      if (shift === undefined || status === undefined) throw new Error('it has not begun');
      // As a kill between the two writes leaves it.
      const previous = status.target?.written;
      const written = JSON.parse(
        JSON.stringify(previous).replace('"weight":90', '"weight":50').replace('"weight":10', '"weight":50'),
      );
      await shifts.store.updateStatus({
        ...shift,
        status: { ...status, phase: 'Shifting', step: 1, target: { ...status.target, previous, written } },
      });
      if (when.startsWith('after')) {
        const current = await shifts.virtualService();
        await shifts.store.update(
          { ...current, spec: { ...current.spec, http: [{ timeout: '3s', ...written.fields }] } },
          { fieldManager: 'meshwise-traffic-shift' },
        );
      }
      shifts.start();
      await shifts.settle();
      expect([await shifts.phase(), await shifts.weights()]).toEqual(['Holding 1', 'v1:50 v3:50']);
      const version = (await shifts.virtualService()).metadata.resourceVersion;
      await shifts.pass(4_000);
      expect((await shifts.virtualService()).metadata.resourceVersion).toBe(version);
    },
  );
});

import { ManualClock } from '@meshwise/core';
import type { RunningProxy } from '@meshwise/platform';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ClusterStats } from './cluster-stats.ts';
import { countOf } from './latencies.ts';
import { EnvoyMeter, type ProxyStats, type Subject } from './meter.ts';

const SUBJECT: Subject = {
  key: 'a',
  versions: ['v1', 'v3'].map((name) => ({ name, host: 'reviews', subset: name })),
  names: { namespace: 'default', clusterDomain: 'cluster.local' },
};
const cluster = (subset: string, port = 9080) => `outbound|${port}|${subset}|reviews.default.svc.cluster.local`;
const stats = (requests: number, errors = 0): ClusterStats => ({
  requests,
  errors,
  latencies: new Map([[5, { width: 0.1, count: requests }]]),
});

describe('versions as their callers see them', () => {
  let clock: ManualClock;
  let proxies: Record<string, ProxyStats | undefined>;
  let asked: readonly string[];
  let meter: EnvoyMeter;
  const read = async () => {
    const measured = await meter.read(SUBJECT);
    return [...(measured?.versions ?? [])].map(
      ([name, { requests, errors, latencies }]) =>
        `${name}: ${requests}, ${errors} failed, ${countOf(latencies)} timed`,
    );
  };

  beforeEach(() => {
    clock = new ManualClock();
    proxies = {};
    meter = new EnvoyMeter({
      clock,
      proxies: () =>
        Object.keys(proxies).map((id) => ({ descriptor: { id }, adminSocketPath: id }) as unknown as RunningProxy),
      read: async (path, hosts) => {
        asked = hosts;
        const found = proxies[path];
        if (found === undefined) throw new Error('no answer');
        return found;
      },
    });
  });

  test('are what came since the last reading, summed over callers and ports, and nothing from before', async () => {
    proxies = {
      a: new Map([[cluster('v1'), stats(100, 50)]]),
      b: new Map([[cluster('v3'), stats(10)]]),
    };
    await meter.restart(SUBJECT);
    expect(asked).toEqual(['reviews.default.svc.cluster.local']);
    await clock.advance(6_000);
    expect(await read()).toEqual(['v1: 0, 0 failed, 0 timed', 'v3: 0, 0 failed, 0 timed']);
    proxies = {
      a: new Map([
        [cluster('v1'), stats(109, 51)],
        [cluster('v3', 80), stats(2, 1)],
        [cluster(''), stats(1_000)],
      ]),
      b: new Map([[cluster('v3'), stats(13)]]),
    };
    await clock.advance(2_000);
    expect(await read()).toEqual(['v1: 9, 1 failed, 9 timed', 'v3: 5, 1 failed, 5 timed']);
  });

  test('have no latencies of the time before the window, which Envoy hands over late', async () => {
    proxies = { a: new Map([[cluster('v1'), stats(0)]]) };
    await meter.restart(SUBJECT);
    await clock.advance(2_000);
    proxies = { a: new Map([[cluster('v1'), stats(7)]]) };
    expect((await read())[0]).toBe('v1: 7, 0 failed, 0 timed');
  });

  test('do not count what a caller that was not known did before', async () => {
    proxies = { a: new Map() };
    await meter.restart(SUBJECT);
    await clock.advance(6_000);
    proxies = { a: new Map([[cluster('v1'), stats(3)]]), b: new Map([[cluster('v1'), stats(500)]]) };
    expect((await read())[0]).toMatch(/^v1: 3,/);
    proxies = { a: new Map([[cluster('v1'), stats(3)]]), b: new Map([[cluster('v1'), stats(504)]]) };
    expect((await read())[0]).toMatch(/^v1: 4,/);
  });

  test('count from zero after a caller was started anew, and are made up for after one gave no answer', async () => {
    proxies = { a: new Map([[cluster('v1'), stats(100)]]) };
    await meter.restart(SUBJECT);
    await clock.advance(6_000);
    proxies = { a: undefined };
    const measured = await meter.read(SUBJECT);
    expect(measured?.proxies).toEqual({ read: 0, all: 1 });
    proxies = { a: new Map([[cluster('v1'), stats(120)]]) };
    expect((await read())[0]).toMatch(/^v1: 20,/);
    proxies = { a: new Map([[cluster('v1'), stats(4)]]) };
    expect((await read())[0]).toMatch(/^v1: 4,/);
  });

  test('are not known before the second reading', async () => {
    expect(await meter.read(SUBJECT)).toBeUndefined();
    await meter.read(SUBJECT);
    meter.forget('a');
    expect(await meter.read(SUBJECT)).toBeUndefined();
  });
});

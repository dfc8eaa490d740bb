import { ManualClock, silentLogger } from '@meshwise/core';
import type { RunningProxy } from '@meshwise/platform';
import { expect, test } from 'vitest';
import type { Figures } from './figures.ts';
import type { ProxyTraffic } from './proxy-traffic.ts';
import { TrafficRecorder } from './recorder.ts';

/** Proxies whose counters a test sets. */
function world() {
  const clock = new ManualClock();
  const counters = new Map<string, ProxyTraffic | 'silent'>();
  const figures = (requests: number, failures = 0): Figures => ({
    requests,
    failures,
    latencies: new Map([[5, { width: 1, count: requests }]]),
  });
  const recorder = new TrafficRecorder({
    clock,
    logger: silentLogger,
    proxies: () =>
      [...counters.keys()].map((id) => ({ descriptor: { id, role: 'sidecar' }, adminSocketPath: id }) as RunningProxy),
    read: async (socket) => {
      const found = counters.get(socket);
      if (found === undefined || found === 'silent') throw new Error('no answer');
      return found;
    },
  });
  const has = (id: string, requests: number, failures = 0) =>
    counters.set(id, { served: figures(requests, failures), sent: new Map([['c', figures(requests)]]) });
  const pass = async (ms: number) => {
    clock.advance(ms);
    await recorder.record();
  };
  return { clock, counters, recorder, has, pass };
}

test('a window is the difference to the reading nearest to half a minute ago, and says how long it is', async () => {
  const { clock, recorder, has, pass } = world();
  has('a', 100, 10);
  await recorder.record();
  for (const requests of [110, 120, 130, 140]) {
    has('a', requests, 10);
    await pass(10_000);
  }
  has('a', 145, 12);
  clock.advance(3_000);
  const { elapsedMs, proxies } = await recorder.window();
  // Readings are at 43, 33, 23, 13 and 3 s.
  expect(elapsedMs).toBe(33_000);
  expect(proxies.get('a')?.served).toEqual({
    requests: 35,
    failures: 2,
    latencies: new Map([[5, { width: 1, count: 35 }]]),
  });
  expect(proxies.get('a')?.sent.get('c')?.requests).toBe(35);
});

test('before the first reading nothing is known, and a short history is a short window', async () => {
  const { clock, recorder, has } = world();
  has('a', 100);
  expect(await recorder.window()).toMatchObject({ elapsedMs: 0, proxies: new Map() });
  await recorder.record();
  has('a', 104);
  clock.advance(2_000);
  const { elapsedMs, proxies } = await recorder.window();
  expect([elapsedMs, proxies.get('a')?.served.requests]).toEqual([2_000, 4]);
});

test('a proxy that came in the window counts from zero, and so does one that started anew', async () => {
  const { recorder, has, pass } = world();
  has('a', 100);
  await recorder.record();
  has('b', 7);
  has('a', 3);
  await pass(10_000);
  const { proxies } = await recorder.window();
  expect([proxies.get('b')?.served.requests, proxies.get('a')?.served.requests]).toEqual([7, 3]);
});

test('a proxy that was silent counts from its first answer, not from its start', async () => {
  const { recorder, counters, has, pass } = world();
  counters.set('a', 'silent');
  await recorder.record();
  has('a', 1_000);
  expect((await recorder.window()).proxies.has('a')).toBe(false);
  await pass(10_000);
  has('a', 1_005);
  expect((await recorder.window()).proxies.get('a')?.served.requests).toBe(5);
  counters.set('a', 'silent');
  expect((await recorder.window()).proxies.has('a')).toBe(false);
});

import type { StatusView } from '@meshwise/api';
import { ManualClock } from '@meshwise/core';
import { describe, expect, test } from 'vitest';
import { Client } from '../client/client.ts';
import { contractServer, TOKEN } from '../testing/contract-server.ts';
import { proxyView, statusView } from '../testing/fixtures.ts';
import { idleContext } from '../testing/run-cli.ts';
import { awaitReady } from './await-ready.ts';

const [workload] = statusView().workloads;
if (workload === undefined) throw new Error('the fixture has a workload');
const unready = { ...workload, podsReady: 0, reason: 'image shop/web:1 is not in the catalogue' };

/** Runs it on a clock that jumps whenever it waits; the views come one per question, the last for ever. */
async function wait(views: readonly StatusView[], page: readonly string[], sample = 'bookinfo') {
  const clock = new ManualClock();
  let asked = 0;
  let probed = 0;
  const reports: string[] = [];
  const server = await contractServer({
    status: () => ({ body: views[Math.min(asked++, views.length - 1)] }),
  });
  try {
    const jumping = Object.assign(Object.create(clock) as ManualClock, {
      monotonicMs: () => clock.monotonicMs(),
      after: () => () => {},
      sleep: (delayMs: number) => clock.advance(delayMs),
    });
    const client = new Client({ api: server.api, token: TOKEN, clock: jumping });
    const readiness = await awaitReady({ ...idleContext, clock: jumping }, client, {
      sample,
      report: (text) => reports.push(text),
      signal: new AbortController().signal,
      probe: async () => page[Math.min(probed++, page.length - 1)] ?? '',
    });
    return { ...readiness, waitedMs: clock.monotonicMs(), probed, reports };
  } finally {
    await server.close();
  }
}

describe('waiting until the mesh is ready', () => {
  test('ends when all is there and the page answers, whatever the error counters still say', async () => {
    const { remarks, waitedMs } = await wait([statusView({ state: 'starting' })], ['answers']);
    expect({ remarks, waitedMs }).toEqual({ remarks: [], waitedMs: 0 });
  });

  test('asks for the page seldom before all is ready: each failure counts in the mesh', async () => {
    const starting = Array.from({ length: 30 }, () => statusView({ state: 'starting', workloads: [unready] }));
    const { probed, reports } = await wait([...starting, statusView()], ['status 503', 'status 503', 'answers']);
    expect(probed).toBeLessThanOrEqual(4);
    expect(reports[0]).toBe('0 of 1 workloads ready, 1 of 1 proxies synced, product page: status 503');
  });

  test('ends with a remark when the page answers and something else does not come up', async () => {
    const views = [
      statusView({ state: 'degraded', workloads: [workload, unready], proxies: [proxyView('a-b', { synced: false })] }),
    ];
    const { remarks } = await wait(views, ['answers']);
    expect(remarks).toEqual([
      'Not all of the mesh is ready; see `meshwise status`.',
      'default/reviews-v1: image shop/web:1 is not in the catalogue',
      '1 proxies are not synced; see `meshwise proxy status`.',
    ]);
  });

  test('ends with a remark when the mesh is ready and the page is broken, by a route of the user for instance', async () => {
    const { remarks } = await wait([statusView()], ['status 500']);
    expect(remarks).toEqual(['The mesh is ready, and the product page does not answer: status 500.']);
  });

  test('without a sample does not ask for a page', async () => {
    const { probed, remarks } = await wait([statusView({ state: 'starting' }), statusView()], ['never'], 'none');
    expect({ probed, remarks }).toEqual({ probed: 0, remarks: [] });
  });

  test('gives up with MW6008 and what it waits for', async () => {
    const views = [statusView({ state: 'starting', workloads: [unready] })];
    await expect(wait(views, ['status 503'])).rejects.toMatchObject({
      code: 'MW6008',
      message: expect.stringContaining('still waiting: 0 of 1 workloads ready'),
    });
  });

  test('of a mesh that is being stopped fails at once', async () => {
    await expect(wait([statusView({ state: 'stopping' })], ['answers'])).rejects.toMatchObject({ code: 'MW6008' });
  });
});

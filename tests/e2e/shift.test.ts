import { PATHS, type ShiftResponse, type ShiftReview, type ShiftTargetsResponse, type ShiftView } from '@meshwise/api';
import type { TrafficShiftSpec, VirtualServiceSpec } from '@meshwise/resources';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { binomialBounds } from './harness/binomial.ts';
import { bookinfoForAll, CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { eventually, pause } from './harness/eventually.ts';
import { Load } from './harness/load.ts';
import { deployment, manifest } from './harness/manifests.ts';
import type { TestMesh } from './harness/mesh.ts';
import { pageOutcome } from './harness/page.ts';
import { begin, followRuns, measuring } from './harness/perf.ts';

const GATE = { minRequests: 40, successRate: 99, p99: '2s' };
const END_MS = 60_000;

function shift(name: string, to: string, change: Partial<TrafficShiftSpec> = {}): string {
  const spec: TrafficShiftSpec = {
    targetRef: { kind: 'VirtualService', name: 'reviews' },
    versions: ['v1', to].map((version) => ({ name: version, host: 'reviews', subset: version })),
    steps: [
      { weights: { v1: 80, [to]: 20 }, hold: '3s', gate: GATE },
      { weights: { v1: 50, [to]: 50 }, hold: '3s', gate: GATE },
      { weights: { [to]: 100 } },
    ],
    ...change,
  };
  return JSON.stringify({ apiVersion: 'meshwise.dev/v1alpha1', kind: 'TrafficShift', metadata: { name }, spec });
}

function requestsOf(versions: ShiftView['versions']): number {
  return versions.reduce((sum, { requests }) => sum + requests, 0);
}

function expectShare(count: number, trials: number, share: number): void {
  const { low, high } = binomialBounds(trials, share);
  expect(count, `${count} of ${trials}`).toBeGreaterThanOrEqual(low);
  expect(count, `${count} of ${trials}`).toBeLessThanOrEqual(high);
}

describe.skipIf(!CAN_RUN_AS_ROOT)(
  'a shift on BookInfo under load (needs Envoy, root and namespaces)',
  { timeout: 120_000 },
  () => {
    let mesh: TestMesh;
    let run: string;
    bookinfoForAll((started) => {
      mesh = started;
    });
    /** From a pod with a sidecar of its own to reviews: what the caller's proxy counts is what the test knows. */
    beforeAll(async () => {
      await mesh.apply(await manifest('networking/all-v1'));
      const load = { rps: 40, durationMs: 600_000, warmUpMs: 100, connections: 4 };
      run = await begin(mesh, { target: 'reviews/reviews/0', load });
      await measuring(mesh);
    }, 120_000);
    afterAll(async () => {
      if (run !== undefined) await mesh.request('POST', PATHS.perfStop.replace('{id}', run));
    });
    beforeEach(async () => {
      await mesh.apply(await manifest('networking/all-v1'));
    });
    afterEach(async () => {
      await mesh.delete(
        'trafficshifts',
        (await mesh.list('trafficshifts')).map(({ metadata }) => metadata.name),
      );
    });

    const read = async (name: string): Promise<ShiftResponse> => {
      const path = PATHS.shift.replace('{namespace}', 'default').replace('{name}', name);
      const { status, body } = await mesh.request('GET', path);
      if (status !== 200) throw new Error(body);
      return JSON.parse(body) as ShiftResponse;
    };
    const until = (name: string, isSo: (view: ShiftView) => boolean) =>
      eventually(async () => {
        const { shift: view } = await read(name);
        if (!isSo(view)) throw new Error(JSON.stringify(view, null, 1));
        return view;
      }, END_MS);
    const routes = async () => {
      const found = (await mesh.list('virtualservices', 'default')).find(({ metadata }) => metadata.name === 'reviews');
      return (found?.spec as VirtualServiceSpec | undefined)?.http?.[0]?.route;
    };
    const act = (name: string, action: string) =>
      mesh.request('POST', PATHS.shiftAction.replace('{namespace}', 'default').replace('{name}', name), { action });

    test('is reviewed before, with what is measured now and whom it concerns; nothing is changed by that', async () => {
      const before = await routes();
      const targets = await eventually(async () => {
        const { items } = JSON.parse((await mesh.request('GET', PATHS.shiftTargets)).body) as ShiftTargetsResponse;
        const found = items.find(({ virtualService }) => virtualService === 'reviews');
        const rps = found?.versions[0]?.traffic.requestsPerSecond ?? null;
        if (found === undefined || rps === null) throw new Error(JSON.stringify(found));
        return { items, found };
      }, END_MS);
      expect(targets.found).toMatchObject({
        reason: null,
        route: 0,
        versions: [{ percent: 100, podsReady: 1 }, {}, {}],
      });
      const { body } = await mesh.request('POST', PATHS.shiftReview, { manifest: shift('seen', 'v3') });
      const review = JSON.parse(body) as ShiftReview;
      expect(review).toMatchObject({ obstacles: [], problems: [], managedBy: 'meshwise' });
      expect(review.changes.map(({ path }) => path)).toEqual(['spec.http[0].route[0].weight', 'spec.http[0].route[1]']);
      expect(review.callers[0]?.workload).toMatch(/meshwise-load/);
      expect(await routes()).toEqual(before);
      expect(await mesh.list('trafficshifts')).toEqual([]);
    });

    test('goes from v1 to v3 in steps while its gates pass, and loses no request (001-43)', async () => {
      const stream = await followRuns(mesh);
      await mesh.apply(shift('good', 'v3'));
      const first = await until('good', ({ step, versions }) => step === 0 && requestsOf(versions) >= 120);
      expectShare(first.versions[1]?.requests ?? 0, requestsOf(first.versions), 0.2);
      expect(first.proxies?.read).toBe(first.proxies?.all);

      const ended = await until('good', ({ phase }) => phase === 'Promoted');
      expect(await routes()).toMatchObject([{ weight: 0 }, { destination: { subset: 'v3' }, weight: 100 }]);
      expect(ended.log.map(({ message }) => message)).toEqual([
        expect.stringContaining('setting step 1 of 3: v1 80 %, v3 20 %'),
        expect.stringMatching(/step 1 passed: v3: success 100 % of \d+ requests .*; v3: p99 \d+ ms of \d+ requests/),
        expect.stringMatching(/step 2 passed: .*setting step 3 of 3: v3 100 %/),
        expect.stringContaining('promoted'),
        expect.stringContaining('the last weights stay'),
      ]);
      const live = await eventually(() => {
        const heard = stream.heard.at(-1)?.[0];
        if (heard === undefined) throw new Error('nothing was heard of the load');
        return heard;
      });
      stream.close();
      expect(live).toMatchObject({ failed: 0, dropped: 0 });
      expect(live.completed).toBeGreaterThan(200);
      const { points } = await read('good');
      expect(points.flatMap((point) => point.versions.map(({ p99Ms }) => p99Ms)).some((ms) => ms !== null)).toBe(true);

      expect((await act('good', 'abort')).status).toBe(200);
      await until('good', ({ phase }) => phase === 'RolledBack');
      expect(await routes()).toEqual([{ destination: { host: 'reviews', subset: 'v1' } }]);
    });

    test('goes back by itself when the new version fails, and leaves the route exactly as it was', async () => {
      await mesh.apply(
        await deployment('reviews-v2', (spec) => {
          for (const container of spec.template.spec.containers) container.image = 'test/reviews-broken:1';
        }),
      );
      await eventually(async () => {
        const { images, podsReady, pods } = await mesh.workload('reviews-v2');
        if (!images.includes('test/reviews-broken:1') || podsReady !== 1 || pods.length !== 1)
          throw new Error('not yet');
      }, END_MS);
      const before = await routes();
      await mesh.apply(shift('bad', 'v2'));
      const ended = await until('bad', ({ phase }) => phase === 'Aborted');
      expect(ended.log.at(-2)?.message).toMatch(
        /the gate failed: v2: success \d+(\.\d+)? % of \d+ requests \(at least 99 %\)/,
      );
      const broken = ended.versions.find(({ name }) => name === 'v2');
      expect(broken?.requests).toBeGreaterThanOrEqual(GATE.minRequests);
      expectShare(broken?.errors ?? 0, broken?.requests ?? 0, 1 / 3);
      expect(await routes()).toEqual(before);
    });

    test('goes on where it was after the daemon was killed', async () => {
      // The load engine's runs end with their daemon; this one does not.
      const load = new Load(20, () => pageOutcome(mesh));
      await mesh.apply(shift('long', 'v3', { steps: [{ weights: { v1: 70, v3: 30 }, hold: '8s', gate: GATE }] }));
      const seen = await until('long', ({ heldMs }) => heldMs >= 3_000);
      await mesh.killDaemon();
      await pause(2_000);
      await mesh.startDaemon();
      const after = await until('long', ({ heldMs }) => heldMs > seen.heldMs);
      expect(after.versions[1]?.requests).toBeGreaterThanOrEqual(seen.versions[1]?.requests ?? 0);
      expect(await routes()).toMatchObject([{ weight: 70 }, { weight: 30 }]);
      const ended = await until('long', ({ phase }) => phase === 'Promoted');
      expect(ended.log.filter(({ message }) => message.includes('setting step 1'))).toHaveLength(1);
      await load.stop();
    });
  },
);

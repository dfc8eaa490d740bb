import { PATHS, type RunPlanResponse, type RunRequest } from '@meshwise/api';
import { Histogram } from '@meshwise/load';
import type { Comparison } from '@meshwise/performance';
import { afterAll, describe, expect, test } from 'vitest';
import { bookinfoForAll, CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { eventually } from './harness/eventually.ts';
import { peerAuthentication } from './harness/manifests.ts';
import type { TestMesh } from './harness/mesh.ts';
import { begin, endedRun, followRuns, generators, loadPods, measuring, read } from './harness/perf.ts';

const SHORT = { rps: 30, durationMs: 2_000, warmUpMs: 300, connections: 2 };

/** How the files of a result begin. */
const FILES = {
  json: '{"format":"meshwise-run"',
  csv: 'second,scheduled,completed',
  hdr: '#[Histogram log format version 1.3]',
  svg: '<svg xmlns=',
  html: '<!doctype html>',
};

describe.skipIf(!CAN_RUN_AS_ROOT)(
  'load on BookInfo in network namespaces (needs Envoy, root and namespaces)',
  { timeout: 60_000 },
  () => {
    let mesh: TestMesh;
    bookinfoForAll((started) => {
      mesh = started;
    });

    const plan = async (request: RunRequest) => {
      const { status, body } = await mesh.request('POST', PATHS.perfPlan, request);
      return { status, ...(JSON.parse(body) as RunPlanResponse & { code?: string; message?: string }) };
    };

    test('goes from outside through the gateway, and what everyone used is written down (000-96)', async () => {
      const request: RunRequest = { target: 'productpage/productpage', from: 'outside', load: SHORT };
      const { words, command, unreachable } = await plan(request);
      expect(words[0]).toContain(`through the gateway at ${mesh.gateway}`);
      expect(command).toContain('meshwise perf run productpage/productpage --from outside');
      expect(unreachable).toBeNull();

      const stream = await followRuns(mesh);
      const id = await begin(mesh, request);
      const record = await endedRun(mesh, id);
      expect(record).toMatchObject({
        state: 'finished',
        target: { from: 'outside', url: `${mesh.gateway}/productpage` },
      });
      expect(record.summary).toMatchObject({ failed: 0, statuses: { 200: record.summary?.completed } });
      // What was sent before the measured time may end in it.
      expect(record.summary?.scheduled).toBe(60);
      expect(Math.abs((record.summary?.completed ?? 0) - 60)).toBeLessThan(10);
      const used = (role: string) => record.use.filter((use) => use.role === role).map(({ name }) => name);
      expect(used('gateway')).toEqual([expect.stringMatching(/^istio-system\/istio-ingressgateway-/)]);
      expect(used('application')).toEqual(used('sidecar'));
      expect(used('sidecar')).toContainEqual(expect.stringMatching(/^default\/productpage-v1-/));
      expect([used('control-plane').length, used('generator').length]).toEqual([1, 1]);
      for (const { cpuMillicoresMean, memoryBytesMax, role } of record.use) {
        if (role !== 'control-plane') expect(cpuMillicoresMean, role).not.toBeNull();
        expect(memoryBytesMax, role).toBeGreaterThan(1 << 20);
      }
      await eventually(() => expect(stream.heard.at(-1)).toEqual([]));
      expect(stream.heard.flat().filter((live) => live.id === id).length).toBeGreaterThan(3);
      stream.close();

      const response = await read<{ histograms: { response: number[] }; seconds: unknown[] }>(mesh, PATHS.perfRun, id);
      const histogram = new Histogram();
      histogram.addSparse(response.histograms.response);
      expect(histogram.count).toBe(record.summary?.completed);
      expect(response.seconds.length).toBeGreaterThanOrEqual(2);
      for (const [format, beginning] of Object.entries(FILES)) {
        const file = await mesh.request('GET', `${PATHS.perfExport.replace('{id}', id)}?format=${format}`);
        expect([file.status, file.body.slice(0, beginning.length)], format).toEqual([200, beginning]);
        // What is answered by a schema is all there is.
        if (format === 'json') expect((JSON.parse(file.body) as { record: unknown }).record).toEqual(record);
      }
      const compared = await mesh.request('GET', `${PATHS.perfCompare}?ids=${id},${id}`);
      expect([compared.status, (JSON.parse(compared.body) as Comparison).runs.map((run) => run.id)]).toEqual([
        200,
        [id, id],
      ]);
    });

    describe('from inside', () => {
      afterAll(async () => {
        await mesh.delete('peerauthentications', ['default']);
      });

      test('comes from a workload with an identity, which strict mutual TLS lets in (001-38)', async () => {
        await mesh.apply(peerAuthentication('STRICT'));
        const id = await begin(mesh, { target: 'details/details/0', load: { ...SHORT, durationMs: 3_000 } });
        await measuring(mesh);
        const { proxies } = await mesh.status();
        const [pod] = await loadPods(mesh);
        expect(proxies.find((proxy) => proxy.pod === `default/${pod}`)?.identity).toBe(
          'spiffe://cluster.local/ns/default/sa/default',
        );
        const record = await endedRun(mesh, id);
        expect(record).toMatchObject({
          state: 'finished',
          target: { from: 'inside' },
          summary: { failed: 0, scheduled: 90 },
        });
        const sidecars = record.use.filter(
          ({ role, cpuMillicoresMean }) => role === 'sidecar' && (cpuMillicoresMean ?? 0) > 0,
        );
        expect(sidecars.map(({ name }) => name)).toContain(`default/${pod}`);
        await eventually(async () => expect(await loadPods(mesh)).toEqual([]));
        expect(await generators(mesh)).toEqual([]);
      });
    });

    test('is stopped when somebody says so, and what was measured is kept', async () => {
      const id = await begin(mesh, { target: 'details/details/0', load: { ...SHORT, durationMs: 600_000 } });
      await measuring(mesh);
      expect(await begin(mesh, { target: 'details/details/0', load: SHORT })).toBe('MW8008');
      expect((await mesh.request('POST', PATHS.perfStop.replace('{id}', id))).status).toBe(202);
      const record = await endedRun(mesh, id);
      expect(record).toMatchObject({ state: 'stopped', note: expect.stringMatching(/stopped by the user/i) });
      expect(record.summary?.completed).toBeGreaterThan(0);
      expect(record.summary?.measuredMs).toBeLessThan(600_000);
      await eventually(async () => expect(await loadPods(mesh)).toEqual([]));
    });

    test('keeps no one from ending: a run that goes on is deleted with what it measured', async () => {
      const id = await begin(mesh, { target: 'details/details/0', load: { ...SHORT, durationMs: 600_000 } });
      const path = PATHS.perfRun.replace('{id}', id);
      expect((await mesh.request('DELETE', path)).status).toBe(200);
      expect((await mesh.request('GET', path)).status).toBe(404);
      expect((await mesh.request('DELETE', path)).status).toBe(404);
      await eventually(async () => expect(await loadPods(mesh)).toEqual([]));
    });

    test.each<[string, RunRequest, string]>([
      ['somebody else’s address', { target: 'http://192.0.2.1/', load: SHORT }, 'MW8004'],
      ['somebody else’s address without a rate', { target: 'http://192.0.2.1/', yes: true, load: {} }, 'MW8004'],
      ['a service that there is not', { target: 'detials/details/0', load: SHORT }, 'MW8002'],
      ['a service without a way from outside', { target: 'details/details/0', from: 'outside', load: SHORT }, 'MW8002'],
      ['a port where nobody listens', { target: 'http://127.0.0.1:1/', load: SHORT }, 'MW8003'],
      ['a comparison of a URL', { target: 'http://127.0.0.1:1/', load: SHORT, compareMesh: {} }, 'MW8006'],
    ])('is refused on %s', async (_what, request, code) => {
      expect(await begin(mesh, request)).toBe(code);
      expect(await generators(mesh)).toEqual([]);
    });

    test('takes null for what it is: no limit', async () => {
      const load = { ...SHORT, durationMs: 1_000, abort: { errorPercent: null, responseP99Ms: null } };
      const record = await endedRun(mesh, await begin(mesh, { target: `${mesh.gateway}/productpage`, load }));
      expect(record.plan.abort).toMatchObject({ errorPercent: null, responseP99Ms: null });
    });
  },
);

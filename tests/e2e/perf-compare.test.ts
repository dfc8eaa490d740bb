import { PATHS } from '@meshwise/api';
import type { PathVariant, RunRecord } from '@meshwise/performance';
import { describe, expect, test } from 'vitest';
import { bookinfoForAll, CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { eventually } from './harness/eventually.ts';
import type { TestMesh } from './harness/mesh.ts';
import { begin, endedExperiment, endedRun, generators, loadPods, measuring } from './harness/perf.ts';

describe.skipIf(!CAN_RUN_AS_ROOT)(
  'measuring what sidecars cost, and what may happen meanwhile (needs Envoy, root and namespaces)',
  { timeout: 120_000 },
  () => {
    let mesh: TestMesh;
    bookinfoForAll((started) => {
      mesh = started;
    });

    test('compares the same requests by three ways, each with the sidecars it goes through (002-3, 000-96)', async () => {
      const load = { rps: 100, connections: 2, warmUpMs: 200 };
      const id = await begin(mesh, { target: 'details/details/0', load, compareMesh: { rounds: 2, blockMs: 1_500 } });
      const record = await endedExperiment(mesh, id);
      expect([record.state, record.note]).toEqual(['finished', null]);
      expect(record.blocks.map(({ round }) => round)).toEqual([1, 1, 1, 2, 2, 2]);
      const figures = Object.fromEntries((record.report?.variants ?? []).map((report) => [report.variant, report]));
      for (const variant of ['none', 'server', 'both'] satisfies PathVariant[]) {
        expect(figures[variant], variant).toMatchObject({ blocks: 2, failed: 0 });
        expect(figures[variant]?.requests, variant).toBeGreaterThan(250);
        expect(figures[variant]?.applicationCpuMsPer1000Requests.value, variant).toBeGreaterThan(0);
      }
      const sidecarCpu = (variant: string) => figures[variant]?.sidecarCpuMsPer1000Requests.value ?? 0;
      expect(sidecarCpu('none')).toBe(0);
      expect(sidecarCpu('server')).toBeGreaterThan(0);
      expect(sidecarCpu('both')).toBeGreaterThan(sidecarCpu('server'));
      for (const [format, answer] of Object.entries({ json: 200, csv: 200, svg: 200, html: 200, hdr: 400 })) {
        const path = PATHS.perfExperimentExport.replace('{id}', id);
        expect((await mesh.request('GET', `${path}?format=${format}`)).status, format).toBe(answer);
      }
      expect(record.report?.notes.join('\n')).toContain('Calls that details makes itself');

      // Who used CPU says which way the requests went.
      const { items } = JSON.parse((await mesh.request('GET', `${PATHS.perfRuns}?experimentId=${id}`)).body) as {
        items: RunRecord[];
      };
      for (const { use, experiment } of items) {
        const onPath = record.onPath.find(({ variant }) => variant === experiment?.variant)?.sidecars ?? [];
        const cpu = (isOnPath: boolean) =>
          use
            .filter(({ role, name }) => role === 'sidecar' && onPath.includes(name) === isOnPath)
            .map(({ cpuMsPer1000Requests }) => cpuMsPer1000Requests ?? 0);
        expect(cpu(true)).toHaveLength({ none: 0, server: 1, both: 2 }[experiment?.variant ?? 'none']);
        for (const busy of cpu(true)) expect(busy).toBeGreaterThan(2 * Math.max(...cpu(false)));
      }
      // The way without sidecars leaves the server's alone.
      const [servers = ''] = record.onPath.find(({ variant }) => variant === 'server')?.sidecars ?? [];
      const cpuOfServers = (variant: PathVariant) =>
        items
          .filter(({ experiment }) => experiment?.variant === variant)
          .map(
            ({ use }) =>
              use.find(({ role, name }) => role === 'sidecar' && name === servers)?.cpuMsPer1000Requests ?? 0,
          );
      expect(2 * Math.max(...cpuOfServers('none'))).toBeLessThan(Math.min(...cpuOfServers('server')));
      await eventually(async () => expect(await loadPods(mesh)).toEqual([]));
      expect(await generators(mesh)).toEqual([]);
    });

    const LONG = { target: 'details/details/0', load: { rps: 50, durationMs: 600_000, warmUpMs: 200, connections: 2 } };

    test('keeps what was measured when the generator is killed', async () => {
      const id = await begin(mesh, LONG);
      await measuring(mesh);
      const [pid, ...others] = await generators(mesh);
      expect(others).toEqual([]);
      process.kill(pid ?? 0, 'SIGKILL');
      const record = await endedRun(mesh, id);
      expect(record).toMatchObject({ state: 'partial', note: expect.stringContaining('SIGKILL') });
      expect(record.summary?.completed).toBeGreaterThan(0);
      await eventually(async () => expect(await loadPods(mesh)).toEqual([]));
    });

    test('keeps what was measured when the daemon is killed, and the next one takes its pods away', async () => {
      const id = await begin(mesh, LONG);
      await measuring(mesh);
      expect(await loadPods(mesh)).toHaveLength(1);
      await mesh.killDaemon();
      await eventually(async () => expect(await generators(mesh)).toEqual([]));
      await mesh.startDaemon();
      const record = await endedRun(mesh, id);
      expect(record).toMatchObject({ state: 'partial', note: expect.stringContaining('he daemon ended') });
      expect(record.summary?.completed).toBeGreaterThan(0);
      await eventually(async () => expect(await loadPods(mesh)).toEqual([]));
    });

    test('keeps what was measured when the mesh is stopped', async () => {
      const id = await begin(mesh, LONG);
      await measuring(mesh);
      await mesh.shutDown();
      await mesh.startDaemon();
      const record = await endedRun(mesh, id);
      expect(record).toMatchObject({ state: 'stopped', note: expect.stringContaining('he mesh was stopped') });
      expect(record.summary?.completed).toBeGreaterThan(0);
      await eventually(async () => expect(await loadPods(mesh)).toEqual([]));
    });
  },
);

import { mkdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PATHS } from '@meshwise/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENVOY } from './harness/machine.ts';
import { TestMesh } from './harness/mesh.ts';
import { begin, endedRun } from './harness/perf.ts';

describe.skipIf(ENVOY === undefined)('load without a place for results (needs Envoy)', { timeout: 60_000 }, () => {
  let mesh: TestMesh;
  let server: Server;
  let target: string;

  beforeAll(async () => {
    server = createServer((_request, response) => response.end('ok'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    mesh = await TestMesh.start({ capture: 'loopback', sample: 'none' }, async ({ home }) => {
      // No file can be opened where a folder is.
      await mkdir(join(home, 'results.sqlite'), { recursive: true, mode: 0o700 });
    });
  }, 120_000);
  afterAll(async () => {
    server?.close();
    await mesh?.dispose();
  });

  test('is refused with the reason, while the mesh runs and says so', async () => {
    await mesh.untilReady();
    const { status, body } = await mesh.request('GET', PATHS.perfRuns);
    expect([status, (JSON.parse(body) as { code: string }).code]).toEqual([503, 'MW8102']);
    expect(await begin(mesh, { target, load: {} })).toBe('MW8102');
    expect((await mesh.status()).conditions).toContainEqual(
      expect.objectContaining({ severity: 'warning', message: expect.stringContaining('MW8102') }),
    );
  });

  test('goes on without a new daemon once there is one, from this machine and not from inside', async () => {
    await rm(join(mesh.home, 'results.sqlite'), { recursive: true });
    const load = { rps: 20, durationMs: 1_000, warmUpMs: 0 };
    const record = await endedRun(mesh, await begin(mesh, { target, load }));
    expect(record).toMatchObject({ state: 'finished', target: { from: 'outside' }, summary: { failed: 0 } });
    expect((await mesh.status()).conditions).toEqual([]);
    expect(await begin(mesh, { target, from: 'inside', load })).toBe('MW8001');
    const gateway = 'istio-ingressgateway.istio-system/';
    expect(await begin(mesh, { target: gateway, load, compareMesh: {} })).toBe('MW8006');
  });
});

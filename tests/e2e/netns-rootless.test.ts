import { chmod, chown, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binomialBounds } from './harness/binomial.ts';
import { expectTwoGateways } from './harness/class-gateway.ts';
import { eventually } from './harness/eventually.ts';
import { send } from './harness/http.ts';
import { findLeftovers, hostNetwork } from './harness/leftovers.ts';
import { canCapture, canCaptureAsNobody, ENVOY, IS_ROOT, NOBODY_ID } from './harness/machine.ts';
import { manifest } from './harness/manifests.ts';
import { TestMesh } from './harness/mesh.ts';
import { countStars, readPage } from './harness/page.ts';
import { begin, endedExperiment, loadPods } from './harness/perf.ts';

const possible = ENVOY !== undefined && (IS_ROOT ? canCaptureAsNobody() : await canCapture());
const needs = 'needs Envoy, user namespaces, and for root: setpriv and a checkout that others can read';

describe.skipIf(!possible)(`BookInfo without root (${needs})`, { timeout: 60_000 }, () => {
  let mesh: TestMesh;
  let before: Record<string, string>;

  beforeAll(async () => {
    before = await hostNetwork();
    mesh = await TestMesh.start({ capture: 'netns', sample: 'bookinfo', asNobody: IS_ROOT }, async (prepared) => {
      if (IS_ROOT) await lendEnvoy(prepared);
    });
    await mesh.untilReady();
  }, 120_000);
  afterAll(async () => {
    await mesh?.dispose();
  });

  test('answers through the relay with every version of reviews', async () => {
    const { low } = binomialBounds(60, 1 / 3);
    const counts = await countStars(mesh, 60);
    expect(counts.failed).toBe(0);
    for (const stars of ['none', 'black', 'red'] as const) expect(counts[stars], stars).toBeGreaterThanOrEqual(low);
    expect(Object.keys((await mesh.traces()).pids)).toContain(`envoy-relay-${mesh.gatewayPort}-e0`);
  });

  test('has Gateways of the Gateway API beside its own (001-77)', async () => {
    await expectTwoGateways(mesh);
  });

  test('says that it is rootless, and has every proxy in step', async () => {
    const { mesh: facts, proxies } = await mesh.status();
    expect(facts).toMatchObject({ capture: 'netns', rootless: true });
    expect(facts.notes.join(' ')).toContain('Rootless');
    expect(proxies).toHaveLength(7);
    for (const { workload, synced, identity } of proxies) {
      expect({ workload, synced }).toEqual({ workload, synced: true });
      expect(identity).toMatch(/^spiffe:\/\/cluster\.local\/ns\//);
    }
  });

  test('is measured with and without sidecars all the same (002-3)', { timeout: 120_000 }, async () => {
    const load = { rps: 50, connections: 2, warmUpMs: 200 };
    const id = await begin(mesh, { target: 'details/details/0', load, compareMesh: { rounds: 2, blockMs: 1_000 } });
    const { state, note, report, environment } = await endedExperiment(mesh, id);
    expect([state, note, environment.capture]).toEqual(['finished', null, 'netns, rootless']);
    for (const { variant, failed, sidecarCpuMsPer1000Requests: cpu } of report?.variants ?? []) {
      expect({ variant, failed, usesSidecars: (cpu.value ?? 0) > 0 }).toEqual({
        ...{ variant, failed: 0 },
        usesSidecars: variant !== 'none',
      });
    }
    expect(report?.variants).toHaveLength(3);
    await eventually(async () => expect(await loadPods(mesh)).toEqual([]));
  });

  test('goes on under strict mutual TLS, with routes by header', async () => {
    await mesh.apply(await manifest('networking/strict'), await manifest('networking/all-v1'));
    await eventually(async () => expect(await countStars(mesh, 8)).toMatchObject({ none: 8 }));
    await mesh.apply(await manifest('networking/reviews-jason-v2'));
    await eventually(async () => expect((await readPage(mesh, 'jason')).stars).toBe('black'));
    expect(await countStars(mesh, 8)).toMatchObject({ none: 8 });
  });

  test('is taken up by the next daemon when the first was killed (000-29)', async () => {
    const { pids } = await mesh.traces();
    await mesh.killDaemon();
    expect((await send(`${mesh.gateway}/productpage`)).status).toBe(200);
    await mesh.startDaemon();
    await mesh.untilReady();
    expect((await mesh.traces()).pids).toEqual(pids);
  });

  test('leaves nothing after shutdown', async () => {
    const traces = await mesh.traces();
    await mesh.shutDown();
    expect(await findLeftovers(traces)).toEqual([]);
    expect(await hostNetwork()).toEqual(before);
  });
});

/** Root's own Envoy may lie where nobody else can read it. */
async function lendEnvoy(mesh: TestMesh): Promise<void> {
  const path = join(mesh.directory, 'envoy');
  await copyFile(ENVOY ?? '', path);
  await chmod(path, 0o755);
  await chown(path, NOBODY_ID, NOBODY_ID);
}

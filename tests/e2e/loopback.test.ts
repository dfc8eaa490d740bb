import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binomialBounds } from './harness/binomial.ts';
import { expectTwoGateways } from './harness/class-gateway.ts';
import { eventually } from './harness/eventually.ts';
import { send } from './harness/http.ts';
import { findLeftovers } from './harness/leftovers.ts';
import { ENVOY } from './harness/machine.ts';
import { manifest } from './harness/manifests.ts';
import { TestMesh } from './harness/mesh.ts';
import { countStars, readPage } from './harness/page.ts';

describe.skipIf(ENVOY === undefined)('BookInfo by loopback capture (needs Envoy)', { timeout: 60_000 }, () => {
  let mesh: TestMesh;

  beforeAll(async () => {
    mesh = await TestMesh.start({ capture: 'loopback', sample: 'bookinfo' });
    await mesh.untilReady();
  }, 120_000);
  afterAll(async () => {
    await mesh?.dispose();
  });

  test('answers through the gateway with every version of reviews', async () => {
    const { low } = binomialBounds(60, 1 / 3);
    const counts = await countStars(mesh, 60);
    expect(counts.failed).toBe(0);
    for (const stars of ['none', 'black', 'red'] as const) expect(counts[stars], stars).toBeGreaterThanOrEqual(low);
    expect(await readPage(mesh)).toMatchObject({ status: 200, details: true });
  });

  test('has Gateways of the Gateway API beside its own (001-77)', async () => {
    await expectTwoGateways(mesh);
  });

  test('has every proxy in step, with an identity', async () => {
    const { proxies } = await mesh.status();
    expect(proxies).toHaveLength(7);
    for (const { workload, synced, identity } of proxies) {
      expect({ workload, synced }).toEqual({ workload, synced: true });
      expect(identity).toMatch(/^spiffe:\/\/cluster\.local\/ns\//);
    }
  });

  test('says that it can be bypassed, which is true', async () => {
    const { mesh: facts } = await mesh.status();
    expect(facts.capture).toBe('loopback');
    expect(facts.notes.join(' ')).toContain('any process of this machine can reach a program directly');
    // Programs listen beside their proxies: the pod range starts at 127.244, that of programs at 127.245.
    const { ip } = await mesh.pod('details-v1');
    const programIp = (ip ?? '').replace('127.244.', '127.245.');
    expect(await send(`http://${programIp}:9080/details/0`)).toMatchObject({ status: 200 });
  });

  test('routes by header as in any capture (000-3)', async () => {
    await mesh.apply(await manifest('networking/all-v1'));
    await eventually(async () => expect(await countStars(mesh, 8)).toMatchObject({ none: 8 }));
    await mesh.apply(await manifest('networking/reviews-jason-v2'));
    await eventually(async () => expect((await readPage(mesh, 'jason')).stars).toBe('black'));
    expect(await countStars(mesh, 8, 'jason')).toMatchObject({ black: 8 });
    expect(await countStars(mesh, 8)).toMatchObject({ none: 8 });
  });

  test('refuses plain text at the proxy under strict mode', async () => {
    const { ip } = await mesh.pod('details-v1');
    expect(await send(`http://${ip}:9080/details/0`)).toMatchObject({ status: 200 });
    await mesh.apply(await manifest('networking/strict'));
    await eventually(() => expect(send(`http://${ip}:9080/details/0`)).rejects.toMatchObject({ code: 'ECONNRESET' }));
    expect(await readPage(mesh)).toMatchObject({ status: 200, details: true, stars: 'none' });
  });

  test('leaves nothing after shutdown', async () => {
    const traces = await mesh.traces();
    expect(Object.keys(traces.pids).length).toBeGreaterThan(12);
    await mesh.shutDown();
    expect(await findLeftovers(traces)).toEqual([]);
  });
});

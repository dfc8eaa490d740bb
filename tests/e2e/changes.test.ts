import { PATHS } from '@meshwise/api';
import { describe, expect, test } from 'vitest';
import { bookinfoForAll, CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { Crowd } from './harness/crowd.ts';
import { underLoad } from './harness/load.ts';
import { deployment, manifest, peerAuthentication } from './harness/manifests.ts';
import type { TestMesh } from './harness/mesh.ts';
import { pageOutcome } from './harness/page.ts';
import { randomChange, seeded } from './harness/random-changes.ts';

const CHANGES = 1_000;
const SEED = Number(process.env['MESHWISE_SEED'] ?? 5);

describe.skipIf(!CAN_RUN_AS_ROOT)(
  'a mesh whose configuration does not stand still (needs Envoy, root and namespaces)',
  { timeout: 300_000 },
  () => {
    let mesh: TestMesh;
    bookinfoForAll((started) => {
      mesh = started;
    });

    test(`takes ${CHANGES} random changes under load without a failed request (000-29, 001-39)`, async () => {
      await mesh.apply(await manifest('destination-rules'));
      const random = seeded(SEED);
      const { failed, total } = await underLoad(
        () => pageOutcome(mesh),
        () => changes(random, CHANGES),
        10,
      );
      expect({ failed, seed: SEED }).toEqual({ failed: {}, seed: SEED });
      expect(total).toBeGreaterThan(100);
      const { proxies } = await mesh.untilReady();
      expect(proxies.filter(({ synced }) => !synced)).toEqual([]);
    });

    test('loses none either while its control plane is killed and started again in the middle of changes (000-29)', async () => {
      const random = seeded(SEED + 1);
      const { failed, total } = await underLoad(
        () => pageOutcome(mesh),
        async () => {
          for (let round = 0; round < 3; round += 1) {
            await changes(random, 20);
            // What was just acknowledged is on its way to the proxies.
            await mesh.killDaemon();
            await mesh.startDaemon();
          }
          await changes(random, 20);
        },
      );
      expect({ failed, seed: SEED }).toEqual({ failed: {}, seed: SEED });
      expect(total).toBeGreaterThan(100);
      const { proxies } = await mesh.untilReady();
      expect(proxies.filter(({ synced }) => !synced)).toEqual([]);
    });

    test('is the same afterwards when all of it is taken back, and nothing was rejected on the way', async () => {
      const { status } = await mesh.request('POST', PATHS.rollback, { to: 1 });
      expect(status).toBe(200);
      expect(await pageOutcome(mesh)).toBe('ok');
      const { proxies } = await mesh.untilReady();
      expect(proxies.flatMap(({ types }) => types.filter(({ lastRejection }) => lastRejection !== null))).toEqual([]);
    });

    test('fails no request while pods come, go, are not ready and are deleted, with mutual TLS (000-31, 001-81)', async () => {
      await mesh.apply(peerAuthentication('STRICT'));
      const crowd = new Crowd(mesh);
      await crowd.scale(3);
      const reviews = (replicas: number) =>
        deployment('reviews-v2', (spec) => {
          spec.replicas = replicas;
        });
      let turn = 0;
      const { failed, total } = await underLoad(
        // At the gateway's own client and at a sidecar's.
        () => {
          turn += 1;
          return turn % 2 === 0 ? crowd.outcome() : pageOutcome(mesh);
        },
        async () => {
          for (let round = 0; round < 3; round += 1) {
            await crowd.scale(3);
            await mesh.apply(await reviews(2));
            await Promise.all([crowd.moody(1_500), crowd.lose()]);
            await crowd.untilReady(3);
            await mesh.apply(await reviews(1));
            await crowd.scale(2);
            await crowd.lose();
            await crowd.scale(4);
          }
        },
        30,
      );
      expect(failed).toEqual({});
      expect(total).toBeGreaterThan(100);
    });

    /** As fast as the daemon takes them. */
    async function changes(random: () => number, count: number): Promise<void> {
      for (let index = 0; index < count; index += 1) {
        const change = randomChange(random);
        if ('apply' in change) await mesh.apply(change.apply);
        else await mesh.delete(change.remove.kind, [change.remove.name]);
      }
    }
  },
);

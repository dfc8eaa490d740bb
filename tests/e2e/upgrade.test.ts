import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PATHS } from '@meshwise/api';
import { adminRequest } from '@meshwise/platform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { envoyBefore } from './harness/envoys.ts';
import { underLoad } from './harness/load.ts';
import { canCapture, ENVOY, IS_ROOT } from './harness/machine.ts';
import { TestMesh } from './harness/mesh.ts';
import { pageOutcome } from './harness/page.ts';
import { adsSocketOf } from './harness/stats.ts';

const before = IS_ROOT && ENVOY !== undefined && (await canCapture()) ? await envoyBefore() : undefined;

describe.skipIf(before === undefined)(
  'a mesh whose proxies are upgraded under load (needs two Envoys, root and namespaces)',
  { timeout: 120_000 },
  () => {
    let mesh: TestMesh;

    beforeAll(async () => {
      mesh = await TestMesh.start({ capture: 'netns', sample: 'bookinfo', envoy: before ?? '' });
      await mesh.untilReady();
    }, 180_000);
    afterAll(async () => {
      await mesh?.dispose();
    });

    test('to the next release, which stands beside the one before, without a failed request (001-81)', async () => {
      expect(new Set(await versions())).toEqual(new Set(['1.39.0']));
      await upgradeTo(ENVOY ?? '');
      expect(new Set(await versions())).toEqual(new Set(['1.40.0']));
      expect(await generations()).toEqual(new Set(['e1.0']));
    });

    test('to a copy of the same release, which takes over', async () => {
      const copy = join(mesh.directory, 'envoy-copy');
      await copyFile(ENVOY ?? '', copy);
      await upgradeTo(copy);
      expect(await generations()).toEqual(new Set(['e1.1']));
    });

    /** A daemon with another Envoy takes up the proxies of the one before, then each of them is restarted. */
    async function upgradeTo(envoy: string): Promise<void> {
      const { proxies } = await mesh.status();
      const old = await proxyPids();
      const { failed, total } = await underLoad(
        () => pageOutcome(mesh),
        async () => {
          await mesh.killDaemon();
          await mesh.startDaemon(envoy);
          await mesh.untilReady();
          expect(await proxyPids()).toEqual(old);
          const answers = await Promise.all(
            proxies.map(({ id }) => mesh.request('POST', PATHS.proxyRestart, { proxy: id })),
          );
          expect(answers.map(({ status, body }) => (status === 200 ? 200 : body))).toEqual(proxies.map(() => 200));
          await mesh.untilReady();
        },
      );
      expect(failed).toEqual({});
      expect(total).toBeGreaterThan(100);
      const now = await proxyPids();
      expect(now).toHaveLength(proxies.length);
      expect(now.filter((pid) => old.includes(pid))).toEqual([]);
    }

    async function proxyPids(): Promise<readonly number[]> {
      const entries = Object.entries((await mesh.traces()).pids).filter(([id]) => id.startsWith('envoy-'));
      return entries.map(([, pid]) => pid).sort((a, b) => a - b);
    }

    async function generations(): Promise<ReadonlySet<string | undefined>> {
      const ids = Object.keys((await mesh.traces()).pids).filter((id) => id.startsWith('envoy-'));
      return new Set(ids.map((id) => id.split('-').at(-1)));
    }

    /** What each proxy says that it is. */
    async function versions(): Promise<readonly string[]> {
      const { proxies } = await mesh.status();
      return Promise.all(
        proxies.map(async ({ id }) => {
          const admin = join(dirname(await adsSocketOf(mesh, id)), 'admin.sock');
          const { version } = JSON.parse((await adminRequest(admin, '/server_info')).body) as { version: string };
          return /\/(\d+\.\d+\.\d+)\//.exec(version)?.[1] ?? version;
        }),
      );
    }
  },
);

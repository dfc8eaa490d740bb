import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { PATHS } from '@meshwise/api';
import { systemClock } from '@meshwise/core';
import { cleanUp, isAlive, readProcessStat } from '@meshwise/platform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DaemonProcess } from './harness/daemon.ts';
import { eventually, pause } from './harness/eventually.ts';
import { send } from './harness/http.ts';
import { findLeftovers } from './harness/leftovers.ts';
import { underLoad } from './harness/load.ts';
import { canCapture, ENVOY, IS_ROOT, isOnPath } from './harness/machine.ts';
import { TestMesh } from './harness/mesh.ts';
import { pageOutcome } from './harness/page.ts';

const possible = ENVOY !== undefined && IS_ROOT && (await canCapture());

describe.skipIf(!possible)('a mesh that is struck (needs Envoy, root and namespaces)', { timeout: 90_000 }, () => {
  let mesh: TestMesh;

  beforeAll(async () => {
    mesh = await TestMesh.start({ capture: 'netns', sample: 'bookinfo' });
    await mesh.untilReady();
  }, 120_000);
  afterAll(async () => {
    await mesh?.dispose();
  });

  const underPageLoad = (action: () => Promise<void>) => underLoad(() => pageOutcome(mesh), action);
  /** What a dead part cost is over when this many pages in a row are whole. */
  const tail = (sequence: readonly string[]) => sequence.slice(-15).filter((outcome) => outcome !== 'ok');
  const kill = (pid: number) => process.kill(pid, 'SIGKILL');

  test('serves without its daemon, which takes up everything it left (000-29)', async () => {
    const { pids } = await mesh.traces();
    expect(Object.keys(pids).length).toBeGreaterThan(12);
    const { failed } = await underPageLoad(async () => {
      await mesh.killDaemon();
      await pause(1_000);
      await mesh.startDaemon();
      await mesh.untilReady();
    });
    expect(failed).toEqual({});
    expect((await mesh.traces()).pids).toEqual(pids);
    const { proxies, workloads } = await mesh.status();
    expect(proxies.map(({ restarts }) => restarts)).toEqual(proxies.map(() => 0));
    expect(workloads.flatMap(({ pods }) => pods.map(({ restarts }) => restarts))).toEqual(workloads.map(() => 0));
  });

  test('starts a killed program again and counts it, while the page says what is missing', async () => {
    const { uid } = await mesh.pod('details-v1');
    const { pids } = await mesh.traces();
    const id = `program-${uid}-details`;
    const { failed, sequence } = await underPageLoad(async () => {
      kill(pids[id] ?? 0);
      await eventually(async () => {
        const { health, pods } = await mesh.workload('details-v1');
        expect({ health, restarts: pods[0]?.restarts }).toEqual({ health: 'healthy', restarts: 1 });
      });
    });
    // Details may be missing for a moment, pages never.
    expect(Object.keys(failed).filter((outcome) => outcome !== 'no details')).toEqual([]);
    expect(tail(sequence)).toEqual([]);
    const after = (await mesh.traces()).pids;
    expect(after[id]).not.toBe(pids[id]);
    expect({ ...after, [id]: 0 }).toEqual({ ...pids, [id]: 0 });
  });

  test('starts a killed sidecar again and says so, while the others go on', async () => {
    const before = await mesh.proxy('default/reviews-v1');
    const { pids } = await mesh.traces();
    const id = await processOf(before.id);
    const { failed, sequence } = await underPageLoad(async () => {
      kill(pids[id] ?? 0);
      await eventually(async () => {
        const { restarts, lastExit, synced, process } = await mesh.proxy('default/reviews-v1');
        expect({ restarts, synced, process }).toEqual({ restarts: 1, synced: true, process: 'running' });
        expect(lastExit).not.toBeNull();
      });
      await eventually(async () => expect((await mesh.workload('reviews-v1')).health).toBe('healthy'));
    });
    expect(Object.keys(failed).filter((outcome) => outcome !== 'no reviews')).toEqual([]);
    expect(tail(sequence)).toEqual([]);
    const after = (await mesh.traces()).pids;
    expect({ ...after, [id]: 0 }).toEqual({ ...pids, [id]: 0 });
  });

  test('opens its gateway again when that was killed', async () => {
    const gateway = await mesh.proxy('istio-system/istio-ingressgateway');
    const { pids } = await mesh.traces();
    const { sequence } = await underPageLoad(async () => {
      kill(pids[await processOf(gateway.id)] ?? 0);
      await eventually(async () => expect((await mesh.proxy(gateway.workload)).restarts).toBe(1));
      await mesh.untilReady();
    });
    expect(tail(sequence)).toEqual([]);
  });

  test('restarts every proxy at once without a failed request (001-81)', async () => {
    const { proxies } = await mesh.status();
    const before = Object.values((await mesh.traces()).pids);
    const { failed, total } = await underPageLoad(async () => {
      const answers = await Promise.all(
        proxies.map(({ id }) => mesh.request('POST', PATHS.proxyRestart, { proxy: id })),
      );
      expect(answers.map(({ status }) => status)).toEqual(proxies.map(() => 200));
      await mesh.untilReady();
    });
    expect(failed).toEqual({});
    expect(total).toBeGreaterThan(100);
    const after = Object.entries((await mesh.traces()).pids).filter(([id]) => id.startsWith('envoy-'));
    expect(after).toHaveLength(proxies.length);
    expect(after.filter(([, pid]) => before.includes(pid))).toEqual([]);
  });

  test('keeps every write that it acknowledged when its daemon is killed in the middle of them', async () => {
    const acknowledged: string[] = [];
    let struck = false;
    const write = async (writer: number) => {
      for (let turn = 0; !struck; turn++) {
        const name = `burst-${writer}-${turn}`;
        const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { turn: String(turn) } };
        const done = await mesh.apply(JSON.stringify(map)).then(
          () => true,
          () => false,
        );
        if (done) acknowledged.push(name);
      }
    };
    for (let round = 0; round < 2; round++) {
      struck = false;
      const writers = [0, 1, 2, 3].map((writer) => write(round * 10 + writer));
      const enough = acknowledged.length + 20;
      await eventually(() => expect(acknowledged.length).toBeGreaterThan(enough));
      await mesh.killDaemon();
      struck = true;
      await Promise.all(writers);
      await mesh.startDaemon();
      const stored = new Set((await mesh.list('configmaps', 'default')).map(({ metadata }) => metadata.name));
      expect(acknowledged.filter((name) => !stored.has(name))).toEqual([]);
    }
    await mesh.untilReady();
  });

  describe('refuses to start, and says why', () => {
    test('on a state that another daemon uses (MW6001)', async () => {
      expect(await reasonLeft(mesh.spawnDaemon({ apiPort: 0 }), mesh.home)).toBe('MW6001');
      expect((await send(`${mesh.gateway}/productpage`)).status).toBe(200);
      expect((await mesh.status()).daemon.pid).toBe(mesh.daemonPid);
    });

    test('on a port that is taken (MW6002)', async () => {
      const taken = createServer();
      const port = await new Promise<number>((resolve) => {
        taken.listen(0, '127.0.0.1', () => {
          const address = taken.address();
          resolve(typeof address === 'object' && address !== null ? address.port : 0);
        });
      });
      const home = join(mesh.directory, 'taken');
      expect(await reasonLeft(mesh.spawnDaemon({ home, apiPort: port, gatewayPort: port }), home)).toBe('MW6002');
      taken.close();
    });

    test.skipIf(!isOnPath('setpriv'))('on a directory it cannot write (needs setpriv) (MW2006)', async () => {
      const home = join(mesh.directory, 'locked');
      await mkdir(home, { mode: 0o700 });
      expect(await reasonLogged(mesh.spawnDaemon({ home, asNobody: true }))).toBe('MW2006');
    });
  });

  test('leaves nothing when its daemon was killed and somebody cleans up', async () => {
    const traces = await mesh.traces();
    const living = await Promise.all(Object.values(traces.pids).map(readProcessStat));
    await mesh.killDaemon();
    const { stopped } = await cleanUp({ home: mesh.home, graceMs: 5_000, clock: systemClock });
    expect(stopped).toBeGreaterThan(12);
    for (const stat of living) {
      if (stat !== undefined) expect(isAlive(stat.pid, stat.startTicks)).toBe(false);
    }
    expect(await findLeftovers(traces)).toEqual([]);
  });

  test('comes back from what is stored, and leaves nothing after shutdown', async () => {
    await mesh.startDaemon();
    await mesh.untilReady();
    const traces = await mesh.traces();
    await mesh.shutDown();
    expect(await findLeftovers(traces)).toEqual([]);
  });

  /** The id under which the newest process of a proxy is kept. */
  async function processOf(proxyId: string): Promise<string> {
    const query = `${PATHS.proxyConfig}?type=bootstrap&proxy=${encodeURIComponent(proxyId)}`;
    const { body } = await mesh.request('GET', query);
    const name = /proxies\/(\w+)\/ads\.sock/.exec(body)?.[1];
    const ids = Object.keys((await mesh.traces()).pids).filter((id) => id.startsWith(`envoy-${name}-e`));
    const [id] = ids;
    if (id === undefined || ids.length > 1) throw new Error(`${proxyId} has processes ${ids.join()}`);
    return id;
  }

  /** Code of the error with which a daemon ended, from what it leaves for the CLI. */
  async function reasonLeft(daemon: DaemonProcess, home: string): Promise<string> {
    expect(await daemon.exited).toBeGreaterThan(0);
    return (JSON.parse(await readFile(join(home, 'start-error.json'), 'utf8')) as { code: string }).code;
  }

  /** The same from its log, for one that can leave nothing. */
  async function reasonLogged(daemon: DaemonProcess): Promise<string> {
    expect(await daemon.exited).toBeGreaterThan(0);
    const lines = (await daemon.output()).trim().split('\n');
    return (JSON.parse(lines.at(-1) ?? '{}') as { code?: string }).code ?? 'no code';
  }
});

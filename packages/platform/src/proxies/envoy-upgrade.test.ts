import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@meshwise/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LoopbackCapture } from '../capture/loopback-capture.ts';
import { findMarkedProcesses } from '../process/marked-processes.ts';
import { ProcessHost } from '../process/process-host.ts';
import { isAlive } from '../process/process-table.ts';
import { ensureEnvoy } from '../setup/index.ts';
import { readiness } from './admin.ts';
import { EnvoyProcess } from './envoy-process.ts';
import { sharedMemoryPath } from './shared-memory.ts';
import { freePort, helloBootstrap, statusOf } from './testing.ts';

const envoy = await ensureEnvoy({}).catch(() => undefined);
let root: string;
let port: number;
let newest: EnvoyProcess | undefined;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'eu-'));
  port = await freePort();
});
afterEach(async () => {
  await newest?.stop();
  for (const pid of await findMarkedProcesses('MESHWISE_STATE', root)) process.kill(pid, 'SIGKILL');
  await rm(root, { recursive: true, force: true });
});

const socketPath = () => join(root, 'extra.sock');
const adminSocketPath = () => join(root, 'admin.sock');

/** What a daemon that is configured with that Envoy makes of the proxy that runs, or of none. */
async function daemonWith(envoyPath: string): Promise<{ proxy: EnvoyProcess; host: ProcessHost }> {
  newest?.leave();
  const host = new ProcessHost({
    directory: join(root, 'records'),
    clock: systemClock,
    mark: { MESHWISE_STATE: root },
  });
  await host.adopt();
  const capture = new LoopbackCapture({ python: 'python3', runDirectory: root });
  const proxy = new EnvoyProcess({
    name: 'test',
    envoyPath,
    directory: root,
    logPath: join(root, 'envoy.log'),
    bootstrap: helloBootstrap({ port, adminSocketPath: adminSocketPath(), socketPath: socketPath() }),
    adminSocketPath: adminSocketPath(),
    socketPaths: () => [socketPath()],
    concurrency: 1,
    hotRestart: true,
    place: (command) => capture.proxy(command),
    steer: (which) => capture.steer(which),
    host,
    clock: systemClock,
    logger: silentLogger,
    onChange: () => {},
  });
  newest = proxy;
  await proxy.start();
  expect(await proxy.untilReady(20_000)).toBe(true);
  return { proxy, host };
}

/** The same Envoy, which says that it has another hot restart, and with further arguments. */
async function otherEnvoy(...more: readonly string[]): Promise<string> {
  const path = join(root, 'other-envoy');
  const script = [
    '#!/bin/sh',
    'if [ "$1" = --hot-restart-version ]; then echo 99.1; exit; fi',
    `exec '${envoy?.path ?? ''}' "$@" ${more.join(' ')}`,
  ];
  await writeFile(path, `${script.join('\n')}\n`, { mode: 0o755 });
  return path;
}

describe.skipIf(envoy === undefined)('an Envoy that cannot take over from the one that runs', () => {
  it('stands beside it until that has drained, without losing a request (the same program, which says it is another)', async () => {
    const { pid: oldPid = 0, ticks } = await startFirst();
    const memory = sharedMemoryPath(await readFile(join(root, 'base-id'), 'utf8'));
    const { proxy, host } = await daemonWith(await otherEnvoy());
    expect(proxy.state.pid).toBe(oldPid);
    const statuses: number[] = [];
    let replaced = false;
    const load = (async () => {
      while (!replaced) statuses.push(await statusOf({ port }));
    })();
    await proxy.restart();
    replaced = true;
    await load;
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    expect(statuses.length).toBeGreaterThan(100);
    expect(isAlive(oldPid, ticks)).toBe(false);
    expect(host.all().map(({ id }) => id)).toEqual(['envoy-test-e1.0']);
    expect(proxy.state).toMatchObject({ process: 'running', restarts: 1, pid: host.all()[0]?.pid });
    expect([await statusOf({ port }), await statusOf({ socketPath: socketPath() })]).toEqual([200, 200]);
    expect(await readiness(adminSocketPath())).toBe(true);
    expect(existsSync(memory)).toBe(false);
    expect((await readdir(root)).filter((name) => name.endsWith('~') || name === 'base-id')).toEqual([]);
  }, 60_000);

  it('leaves it at work, with its Unix sockets, when it does not start', async () => {
    const { pid } = await startFirst();
    const { proxy, host } = await daemonWith(await otherEnvoy('--base-id-path', '/nowhere/at/all'));
    await expect(proxy.restart()).rejects.toMatchObject({ code: 'MW3202' });
    expect(proxy.state).toMatchObject({ process: 'running', pid });
    expect(host.all().map(({ id }) => id)).toEqual(['envoy-test-e0']);
    expect([await statusOf({ port }), await statusOf({ socketPath: socketPath() })]).toEqual([200, 200]);
    expect([proxy.ready, await readiness(adminSocketPath())]).toEqual([true, true]);
  }, 60_000);

  it('is itself taken over from by its own kind', async () => {
    await startFirst();
    const other = await daemonWith(await otherEnvoy());
    await other.proxy.restart();
    const { proxy, host } = await daemonWith(envoy?.path ?? '');
    await proxy.restart();
    expect(host.all().map(({ id }) => id)).toEqual(['envoy-test-e1.1']);
    expect(await statusOf({ port })).toBe(200);
  }, 90_000);

  async function startFirst(): Promise<{ pid: number | undefined; ticks: number }> {
    const { proxy, host } = await daemonWith(envoy?.path ?? '');
    return { pid: proxy.state.pid, ticks: host.all()[0]?.startTicks ?? 0 };
  }
});

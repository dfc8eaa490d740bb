import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@meshwise/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LoopbackCapture } from '../capture/loopback-capture.ts';
import { findMarkedProcesses } from '../process/marked-processes.ts';
import { ProcessHost } from '../process/process-host.ts';
import { isAlive, readProcessStat } from '../process/process-table.ts';
import { ensureEnvoy } from '../setup/index.ts';
import { readiness } from './admin.ts';
import { EnvoyProcess, type EnvoyProcessOptions } from './envoy-process.ts';
import { sharedMemoryPath } from './shared-memory.ts';
import { freePort, helloBootstrap, statusOf } from './testing.ts';

const envoy = await ensureEnvoy({}).catch(() => undefined);
let root: string;
let host: ProcessHost;
let port: number;
const started: EnvoyProcess[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ep-'));
  host = newHost();
  port = await freePort();
});
afterEach(async () => {
  for (const process of started.splice(0)) await process.stop();
  for (const pid of await findMarkedProcesses('MESHWISE_STATE', root)) process.kill(pid, 'SIGKILL');
  await rm(root, { recursive: true, force: true });
});

function newHost(): ProcessHost {
  return new ProcessHost({ directory: join(root, 'records'), clock: systemClock, mark: { MESHWISE_STATE: root } });
}

/** Added to a configuration, it makes Envoy wait for clusters that nobody sends. */
const neverInitialised = JSON.stringify({
  dynamic_resources: {
    ads_config: { api_type: 'GRPC', grpc_services: [{ envoy_grpc: { cluster_name: 'nobody' } }] },
    cds_config: { ads: {}, initial_fetch_timeout: '0s' },
  },
  static_resources: { clusters: [{ name: 'nobody', type: 'STATIC', load_assignment: { cluster_name: 'nobody' } }] },
});

/** Whether the shared memory of the proxy's hot restarts has the mark of one that initialises: its last word. */
async function isInitialising(): Promise<boolean> {
  const memory = await readFile(sharedMemoryPath(await readFile(join(root, 'base-id'), 'utf8')));
  return memory.readBigUInt64LE(memory.length - 8) !== 0n;
}

function create(onHost = host, options: Partial<EnvoyProcessOptions> = {}): EnvoyProcess {
  const capture = new LoopbackCapture({ python: 'python3', runDirectory: root });
  const adminSocketPath = join(root, 'admin.sock');
  const proxy = new EnvoyProcess({
    name: 'test',
    envoyPath: envoy?.path ?? '',
    directory: root,
    logPath: join(root, 'envoy.log'),
    bootstrap: helloBootstrap({ port, adminSocketPath }),
    adminSocketPath,
    concurrency: 1,
    hotRestart: true,
    place: (command) => capture.proxy(command),
    host: onHost,
    clock: systemClock,
    logger: silentLogger,
    onChange: () => {},
    ...options,
  });
  started.push(proxy);
  return proxy;
}

const get = () => statusOf({ port });

describe.skipIf(envoy === undefined)('an Envoy that is kept running', () => {
  it('is started again after it was killed, and says so', async () => {
    const proxy = create();
    await proxy.start();
    expect(await proxy.untilReady(20_000)).toBe(true);
    const { pid = 0 } = proxy.state;
    process.kill(pid, 'SIGKILL');
    while (proxy.state.restarts === 0) await systemClock.sleep(20);
    expect(await proxy.untilReady(20_000)).toBe(true);
    expect(proxy.state).toMatchObject({ process: 'running', restarts: 1, lastExit: expect.any(String) });
    expect(proxy.state.pid).not.toBe(pid);
    expect(await get()).toBe(200);
  });

  it('is replaced without losing a request', async () => {
    const proxy = create();
    await proxy.start();
    await proxy.untilReady(20_000);
    const { pid } = proxy.state;
    const statuses: number[] = [];
    let replaced = false;
    const load = (async () => {
      while (!replaced) statuses.push(await get());
    })();
    await proxy.restart();
    replaced = true;
    await load;
    expect(proxy.state.pid).not.toBe(pid);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    expect(statuses.length).toBeGreaterThan(100);
  });

  it('outlives the process that started it, and is found again', async () => {
    const proxy = create();
    await proxy.start();
    await proxy.untilReady(20_000);
    const { pid = 0 } = proxy.state;
    const stat = readProcessStat(pid);
    expect(stat?.session).toBe(pid);
    const next = newHost();
    await next.adopt();
    const again = create(next);
    await again.start();
    expect(again.state.pid).toBe(pid);
    await again.stop();
    expect(isAlive(pid, stat?.startTicks ?? 0)).toBe(false);
    expect(existsSync(join(root, 'base-id'))).toBe(false);
  });

  it('keeps the old process when the new one fails, says why, and can be replaced afterwards', async () => {
    let broken = false;
    const capture = new LoopbackCapture({ python: 'python3', runDirectory: root });
    const place: EnvoyProcessOptions['place'] = (command) =>
      capture.proxy(broken ? { ...command, argv: [...command.argv, '--concurrency', 'none'] } : command);
    const proxy = create(host, { place });
    await proxy.start();
    await proxy.untilReady(20_000);
    const { pid } = proxy.state;
    broken = true;
    await expect(proxy.restart()).rejects.toMatchObject({ code: 'MW3202' });
    expect(proxy.state).toMatchObject({ pid, process: 'running' });
    expect([proxy.ready, await get()]).toEqual([true, 200]);
    broken = false;
    await proxy.restart();
    expect(proxy.state.pid).not.toBe(pid);
    expect(await get()).toBe(200);
  });

  it('is as ready as it was while another process starts, whose administration interface says that it is not', async () => {
    let waits = false;
    const turns: boolean[] = [];
    const capture = new LoopbackCapture({ python: 'python3', runDirectory: root });
    const place: EnvoyProcessOptions['place'] = (command) =>
      capture.proxy(waits ? { ...command, argv: [...command.argv, '--config-yaml', neverInitialised] } : command);
    const proxy = create(host, { place, onChange: () => turns.push(proxy.ready) });
    await proxy.start();
    await proxy.untilReady(20_000);
    waits = true;
    turns.length = 0;
    const failed = proxy.restart().catch((error: unknown) => error);
    await expect.poll(() => readiness(join(root, 'admin.sock'))).toBe(false);
    // Asks at once.
    expect([await proxy.untilReady(1_000), proxy.ready]).toEqual([true, true]);
    process.kill(host.get('envoy-test-e1')?.pid ?? 0, 'SIGKILL');
    expect(await failed).toMatchObject({ code: 'MW3202' });
    expect(turns.filter((ready) => !ready)).toEqual([]);
  });

  it('is replaced again after a new process was killed in the middle of its start', async () => {
    let waits = false;
    const capture = new LoopbackCapture({ python: 'python3', runDirectory: root });
    const place: EnvoyProcessOptions['place'] = (command) =>
      capture.proxy(waits ? { ...command, argv: [...command.argv, '--config-yaml', neverInitialised] } : command);
    const proxy = create(host, { place });
    await proxy.start();
    await proxy.untilReady(20_000);
    const { pid = 0 } = proxy.state;
    waits = true;
    const failed = proxy.restart().catch((error: unknown) => error);
    await expect.poll(isInitialising).toBe(true);
    // It has left the mark of one that initialises, which would turn the next one away.
    process.kill(host.get('envoy-test-e1')?.pid ?? 0, 'SIGKILL');
    expect(await failed).toMatchObject({ code: 'MW3202' });
    expect(proxy.state.pid).toBe(pid);
    waits = false;
    await proxy.restart();
    expect(host.all().map(({ id }) => id)).toEqual(['envoy-test-e1']);
    expect(await get()).toBe(200);
  });

  it('does one restart after the other, and the end after both', async () => {
    const proxy = create();
    await proxy.start();
    await proxy.untilReady(20_000);
    const restarts = [proxy.restart(), proxy.restart()].map((restart) => restart.catch((error: unknown) => error));
    while (host.get('envoy-test-e1') === undefined) await systemClock.sleep(1);
    await proxy.stop();
    expect(await Promise.all(restarts)).toMatchObject([{ code: 'MW3202' }, { code: 'MW3202' }]);
    expect(await findMarkedProcesses('MESHWISE_STATE', root)).toEqual([]);
  });

  it('leaves nothing running when it is stopped while it is started again', async () => {
    const proxy = create();
    await proxy.start();
    await proxy.untilReady(20_000);
    process.kill(proxy.state.pid ?? 0, 'SIGKILL');
    while (proxy.state.restarts === 0) await systemClock.sleep(1);
    await proxy.stop();
    expect(await findMarkedProcesses('MESHWISE_STATE', root)).toEqual([]);
    await systemClock.sleep(300);
    expect(await findMarkedProcesses('MESHWISE_STATE', root)).toEqual([]);
  });

  it('ends the process before when the daemon went in the middle of a restart', async () => {
    const proxy = create();
    await proxy.start();
    await proxy.untilReady(20_000);
    const restarting = proxy.restart();
    while (host.get('envoy-test-e1') === undefined) await systemClock.sleep(1);
    proxy.leave();
    await restarting;
    const next = newHost();
    await next.adopt();
    const again = create(next);
    await again.start();
    while (next.all().length > 1) await systemClock.sleep(50);
    expect(next.all().map(({ id }) => id)).toEqual(['envoy-test-e1']);
    expect(again.state).toMatchObject({ process: 'running', pid: next.get('envoy-test-e1')?.pid });
    expect(await get()).toBe(200);
  });
});

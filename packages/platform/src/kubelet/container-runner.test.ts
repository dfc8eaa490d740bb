import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, MeshwiseError, silentLogger, systemClock } from '@meshwise/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ProcessHandle, ProcessHost } from '../process/process-host.ts';
import { readProcessStat } from '../process/process-table.ts';
import { ContainerRunner, type ContainerRunnerOptions } from './container-runner.ts';

let root: string;
let host: ProcessHost;
let runner: ContainerRunner | undefined;
const waits: number[] = [];
/** Real time, but back-offs are noted and not waited for. */
const clock: Clock = {
  ...systemClock,
  sleep: (delayMs, signal) => {
    waits.push(delayMs);
    return systemClock.sleep(Math.min(delayMs, 5), signal);
  },
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'runner-'));
  host = new ProcessHost({ directory: join(root, 'records'), clock: systemClock, mark: {} });
  waits.length = 0;
});
afterEach(async () => {
  await runner?.stop(100);
  await rm(root, { recursive: true, force: true, maxRetries: 10 });
});

function create(script: string, over: Partial<ContainerRunnerOptions> = {}): ContainerRunner {
  runner = new ContainerRunner({
    container: { name: 'app' },
    processId: 'program-app',
    restartPolicy: 'Always',
    command: async () => ({ argv: ['sh', '-c', script], env: { PATH: '/usr/bin:/bin' }, cwd: root }),
    logPath: (restart) => join(root, `app.${restart}.log`),
    probeTarget: { tunnelSocketPath: join(root, 'none'), ports: [], run: async () => 1 },
    host,
    clock,
    logger: silentLogger,
    onChange: () => {},
    readyBefore: false,
    ...over,
  });
  return runner;
}
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await systemClock.sleep(5);
}

describe('a container', () => {
  it('is ready as soon as it runs when it has no probe', async () => {
    const container = create('sleep 60');
    container.run(0);
    await until(() => container.ready);
    expect(container.state.kind).toBe('running');
  });

  it('is started again with a back-off that doubles, each start with a log of its own', async () => {
    const container = create('echo attempt; exit 3');
    container.run(0);
    await until(() => container.restarts >= 5);
    const { lastState } = container;
    await container.stop(100);
    expect(waits.filter((wait) => wait >= 1_000).slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(await readFile(join(root, 'app.3.log'), 'utf8')).toBe('attempt\n');
    expect(lastState).toMatchObject({ kind: 'terminated', reason: 'Error', exit: { code: 3 } });
  });

  it('says CrashLoopBackOff with the reason while it waits', async () => {
    const states: unknown[] = [];
    const container = create('exit 7', { onChange: () => states.push(container.state) });
    container.run(0);
    await until(() => container.restarts >= 3);
    expect(states).toContainEqual({
      kind: 'waiting',
      reason: 'CrashLoopBackOff',
      message: 'back-off 1 s; the program exited with code 7',
    });
  });

  it.each([
    ['OnFailure', 'exit 0', 0],
    ['Never', 'exit 1', 1],
  ] as const)('ends for good with policy %s after %s', async (restartPolicy, script, code) => {
    const state = await create(script, { restartPolicy }).run(0);
    expect(state).toMatchObject({ kind: 'terminated', exit: { code } });
    expect(runner?.restarts).toBe(0);
  });

  it('waits with the reason when it cannot be started, and starts once it can', async () => {
    let known = false;
    const command = async () => {
      if (!known) throw new MeshwiseError('MW3010', 'No program is known for image shop/web:1');
      return { argv: ['sleep', '60'], env: { PATH: '/usr/bin:/bin' }, cwd: '/' };
    };
    const container = create('', { command });
    container.run(0);
    await until(() => container.state.kind === 'waiting' && container.state.reason === 'ImageNotMapped');
    expect(container.state).toMatchObject({ message: expect.stringContaining('shop/web:1') });
    known = true;
    await until(() => container.ready);
  });

  it('is killed and started again when its liveness probe fails', async () => {
    await writeFile(join(root, 'healthy'), '');
    let healthy = true;
    const probeTarget = { tunnelSocketPath: '', ports: [], run: async () => (healthy ? 0 : 1) };
    const livenessProbe = { exec: { command: ['check'] }, failureThreshold: 2, periodSeconds: 1 };
    const container = create('sleep 60', { container: { name: 'app', livenessProbe }, probeTarget });
    container.run(0);
    await until(() => container.ready);
    const { pid } = container;
    healthy = false;
    await until(() => container.restarts === 1);
    healthy = true;
    expect(container.lastState).toMatchObject({ exit: { signal: 'SIGTERM' } });
    await until(() => container.pid !== undefined && container.pid !== pid);
  });

  it('is asked to leave by a failing liveness probe, and killed after its grace', async () => {
    let healthy = true;
    const probeTarget = { tunnelSocketPath: '', ports: [], run: async () => (healthy ? 0 : 1) };
    const livenessProbe = { exec: { command: ['check'] }, failureThreshold: 1, periodSeconds: 1 };
    const container = create("trap '' TERM; while :; do sleep 0.1; done", {
      container: { name: 'app', livenessProbe },
      probeTarget,
      graceMs: 1,
    });
    container.run(0);
    await until(() => container.ready);
    healthy = false;
    await until(() => container.restarts === 1);
    expect(container.lastState).toMatchObject({ exit: { signal: 'SIGKILL' } });
  });

  it('leaves none of its children behind when it ends by itself', async () => {
    const container = create(`sleep 60 & echo $! > ${join(root, 'child')}; exit 1`, { restartPolicy: 'Never' });
    await container.run(0);
    const child = Number(await readFile(join(root, 'child'), 'utf8'));
    await until(() => readProcessStat(child) === undefined || readProcessStat(child)?.state === 'Z');
  });

  it.each(['before', 'while'])('leaves no program behind when it is stopped %s it is started', async (when) => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const command = async () => {
      if (when === 'before') await released;
      return { argv: ['sleep', '60'], env: { PATH: '/usr/bin:/bin' }, cwd: '/' };
    };
    const slow = Object.create(host) as ProcessHost;
    const started: ProcessHandle[] = [];
    slow.start = async (spec) => {
      const handle = await host.start(spec);
      started.push(handle);
      await released;
      return handle;
    };
    slow.stop = (handle, graceMs) => host.stop(handle, graceMs);
    slow.get = () => undefined;
    const container = create('', { command, host: slow, restartPolicy: 'OnFailure' });
    const running = container.run(0);
    if (when === 'while') await until(() => started.length === 1);
    const stopped = container.stop(100);
    release();
    await Promise.all([running, stopped]);
    expect(started.length).toBe(when === 'while' ? 1 : 0);
    expect(host.all()).toEqual([]);
  });

  it('takes up a program that an earlier daemon left, ready as it was, without starting another', async () => {
    const first = create('echo once; sleep 60', {
      container: { name: 'app', readinessProbe: { tcpSocket: { port: 1 } } },
    });
    first.run(0);
    await until(() => first.state.kind === 'running');
    const { pid } = first;
    const next = new ProcessHost({ directory: join(root, 'records'), clock: systemClock, mark: {} });
    await next.adopt();
    const second = create('echo twice', { ...{ container: first.container }, host: next, readyBefore: true });
    second.run(4);
    expect([second.ready, second.pid, second.restarts]).toEqual([true, pid, 4]);
    await first.stop(100);
  });
});

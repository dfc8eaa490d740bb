import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@meshwise/core';
import type { PodStatus, Resource } from '@meshwise/resources';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LoopbackCapture } from '../capture/loopback-capture.ts';
import { ProcessHost } from '../process/process-host.ts';
import { isAlive } from '../process/process-table.ts';
import { PodWorker, type PodWorkerOptions } from './pod-worker.ts';

let root: string;
let host: ProcessHost;
const statuses: PodStatus[] = [];
const events: string[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'worker-'));
  host = new ProcessHost({ directory: join(root, 'records'), clock: systemClock, mark: {} });
  statuses.length = 0;
  events.length = 0;
});
afterEach(async () => {
  for (const handle of host.all()) await host.stop(handle, 0);
  await rm(root, { recursive: true, force: true, maxRetries: 10 });
});

const pod = (over: Partial<Resource['metadata']> = {}, status: object = {}): Resource => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-0', namespace: 'default', uid: 'u-1', ...over },
  spec: { containers: [{ name: 'app', image: 'app' }], restartPolicy: 'Always', terminationGracePeriodSeconds: 1 },
  status,
});

function create(subject: Resource, over: Partial<PodWorkerOptions> = {}): PodWorker {
  return new PodWorker(subject, '127.244.0.9', {
    capture: Object.assign(new LoopbackCapture({ python: 'python3', runDirectory: root }), {
      program: async (_pod: unknown, command: unknown) => command,
    }) as LoopbackCapture,
    host,
    proxies: {
      attach: async () => ({ ready: true, restarts: 0, lastExit: undefined, untilReady: async () => true }),
      detach: async () => void events.push('detached'),
      untilUnused: async () => {},
    },
    resolver: {
      resolve: async () => ({
        program: { runtime: 'exec', entry: '/bin/sleep', root: '/bin' },
        args: ['60'],
        env: {},
        allowCommand: false,
      }),
    },
    volumeSources: () => ({ configMap: async () => undefined, secret: async () => undefined }),
    runDirectory: join(root, 'run'),
    logDirectory: join(root, 'logs'),
    cacheDirectory: root,
    clock: systemClock,
    logger: silentLogger,
    writeStatus: async (target, status) => {
      statuses.push(status);
      return { ...target, status };
    },
    release: async () => void events.push('released'),
    ...over,
  });
}
const left = (id: string) =>
  host.start({ id, argv: ['sleep', '60'], env: {}, cwd: '/', logPath: join(root, 'left.log') });
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await systemClock.sleep(5);
}
const deleted = { deletionTimestamp: '2026-01-01T00:00:00Z' };

describe('a pod', () => {
  it('that was deleted before this daemon came takes the programs of the earlier one with it', async () => {
    const program = await left('program-u-1-app');
    const other = await left('program-u-12-app');
    const worker = create(pod(deleted));
    worker.start();
    worker.update(pod(deleted));
    await worker.ended();
    expect(events).toEqual(['detached', 'released']);
    expect([isAlive(program.pid, program.startTicks), isAlive(other.pid, other.startTicks)]).toEqual([false, true]);
  });

  it('takes a step of its end again when it fails, and says so meanwhile', async () => {
    let failures = 2;
    const release = async () => {
      if (failures-- > 0) throw new Error('the store is locked');
      events.push('released');
    };
    const worker = create(pod(), { release });
    worker.start();
    await until(() => worker.programPids.length > 0);
    const locked = join(root, 'run', 'volumes', 'u-1', 'v', 'locked');
    await mkdir(locked, { recursive: true });
    await writeFile(join(locked, 'file'), '');
    await chmod(locked, 0);
    worker.update(pod(deleted));
    await worker.ended();
    expect(events).toEqual(['detached', 'released']);
    expect(await readdir(join(root, 'run', 'volumes'))).toEqual([]);
    expect(statuses.map(({ message }) => message)).toContainEqual(expect.stringContaining('the store is locked'));
  });

  it.each(['Succeeded', 'Failed'])(
    'that has %s under an earlier daemon is not run again, and can be deleted',
    async (phase) => {
      const worker = create(pod({}, { phase, startTime: '2026-01-01T00:00:00Z' }));
      worker.start();
      worker.update(pod());
      worker.update(pod(deleted));
      await worker.ended();
      expect([statuses, host.all(), events]).toEqual([[], [], ['detached', 'released']]);
    },
  );

  it('writes its status again when the store refused it', async () => {
    let refused = 0;
    const writeStatus: PodWorkerOptions['writeStatus'] = async (target, status) => {
      if (refused++ === 0) throw new Error('busy');
      statuses.push(status);
      return target;
    };
    const worker = create(pod(), { writeStatus });
    worker.start();
    await until(() => statuses.some((status) => status.phase === 'Running'));
    worker.update(pod(deleted));
    await worker.ended();
  });

  it('begins with no log of an earlier pod of its name', async () => {
    const logs = join(root, 'logs', 'default', 'web-0');
    await mkdir(logs, { recursive: true });
    await writeFile(join(logs, 'app.3.log'), 'of another');
    const worker = create(pod());
    worker.start();
    await until(() => worker.programPids.length > 0);
    expect(await readdir(logs)).toEqual(['app.0.log']);
    worker.update(pod(deleted));
    await worker.ended();
  });
});

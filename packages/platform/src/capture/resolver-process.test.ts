import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@meshwise/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findMarkedProcesses } from '../process/marked-processes.ts';
import { ProcessHost } from '../process/process-host.ts';
import { ResolverProcess } from './resolver-process.ts';

const MARK = 'MESHWISE_STATE';

describe('the process that answers for names outside the mesh', () => {
  let root: string;
  let host: ProcessHost;
  let anchorPid: number | undefined;

  const newHost = () =>
    new ProcessHost({ directory: join(root, 'processes'), clock: systemClock, mark: { [MARK]: root } });
  const starts = async () => (await readFile(join(root, 'starts'), 'utf8').catch(() => '')).split('\n').length - 1;
  const pid = () => host.get('mesh-names')?.pid ?? 0;

  /** A stand-in for the launcher says that it is ready, and goes on. */
  const start = (isOld = false) =>
    new ResolverProcess({
      ...{ host, runDirectory: root, clusterDomain: 'cluster.local', address: '127.0.0.1', port: 15_053 },
      ...{ python: join(root, 'launcher'), clock: systemClock, logger: silentLogger, anchorPid: () => anchorPid },
    }).start(isOld);

  /** Ends it as a crash would, and waits for the next. */
  async function crash(): Promise<void> {
    const before = pid();
    process.kill(before, 'SIGKILL');
    await expect.poll(pid, { timeout: 10_000 }).not.toBe(before);
    expect(() => process.kill(pid(), 0)).not.toThrow();
  }

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'resolver-'));
    anchorPid = process.pid;
    host = newHost();
    await writeFile(join(root, 'launcher'), `#!/bin/sh\necho >> ${root}/starts\necho ready\nexec sleep 1000\n`);
    await chmod(join(root, 'launcher'), 0o755);
  });
  afterEach(async () => {
    const handle = host.get('mesh-names');
    if (handle !== undefined) await host.stop(handle, 0);
    for (const left of await findMarkedProcesses(MARK, root)) process.kill(left, 'SIGKILL');
    await rm(root, { recursive: true, force: true });
  });

  it('is started again each time it ends', async () => {
    await start();
    await crash();
    await crash();
    expect(await starts()).toBe(3);
  });

  it('is started again when an earlier daemon had started it', async () => {
    const argv = [join(root, 'launcher')];
    await newHost().start({ id: 'mesh-names', argv, env: {}, cwd: '/', logPath: join(root, 'log') });
    await host.adopt();
    await start();
    expect(host.get('mesh-names')?.adopted).toBe(true);
    await crash();
    expect(host.get('mesh-names')?.adopted).toBe(false);
  });

  it('is not started again when it was stopped on purpose, nor without namespaces', async () => {
    await start();
    anchorPid = undefined;
    process.kill(pid(), 'SIGKILL');
    await systemClock.sleep(1_500);
    expect(await starts()).toBe(1);
    anchorPid = process.pid;
    await expect.poll(starts, { timeout: 10_000 }).toBe(2);
    const handle = host.get('mesh-names');
    if (handle !== undefined) await host.stop(handle, 0);
    await systemClock.sleep(2_500);
    expect(await starts()).toBe(2);
  });
});

import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@meshwise/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findMarkedProcesses } from './marked-processes.ts';
import { ProcessHost } from './process-host.ts';
import { isAlive, sessionMembers } from './process-table.ts';

let root: string;
let host: ProcessHost;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'host-'));
  host = newHost();
});
afterEach(async () => {
  for (const pid of await findMarkedProcesses('TEST_MARK', root)) process.kill(pid, 'SIGKILL');
  await rm(root, { recursive: true, force: true });
});

function newHost(): ProcessHost {
  return new ProcessHost({ directory: join(root, 'records'), clock: systemClock, mark: { TEST_MARK: root } });
}
function shell(id: string, script: string) {
  return {
    id,
    argv: ['sh', '-c', script],
    env: { PATH: '/usr/bin:/bin', GREETING: 'hi' },
    cwd: '/',
    logPath: join(root, `${id}.log`),
  };
}
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await systemClock.sleep(10);
}

describe('the process host', () => {
  it('keeps output in a file of its own and tells how a process ended', async () => {
    const handle = await host.start(shell('a', 'echo $GREETING; echo oops >&2; exit 3'));
    expect(await handle.exited).toEqual({ code: 3 });
    expect(await readFile(join(root, 'a.log'), 'utf8')).toBe('hi\noops\n');
    expect((await stat(join(root, 'a.log'))).mode & 0o777).toBe(0o600);
    const killed = await host.start(shell('b', 'kill -9 $$'));
    expect(await killed.exited).toEqual({ signal: 'SIGKILL' });
  });

  it('says that a program which is not there could not be started', async () => {
    const handle = await host.start({ ...shell('a', ''), argv: ['/no/such/program'] });
    expect(await handle.exited).toEqual({ code: 127 });
  });

  it('finds what an earlier host left running, with its end, and nothing else', async () => {
    const handle = await host.start(shell('a', 'sleep 60'));
    await host.start(shell('gone', 'true')).then((process) => process.exited);
    const next = newHost();
    const adopted = await next.adopt();
    expect([...adopted.keys()]).toEqual(['a']);
    expect(await readdir(join(root, 'records'))).toEqual(['a.json']);
    expect(adopted.get('a')).toMatchObject({ pid: handle.pid, adopted: true });
    process.kill(handle.pid, 'SIGKILL');
    expect(await adopted.get('a')?.exited).toEqual({});
  });

  it('does not take another process for its own because it has the same pid', async () => {
    const mark = { ANOTHER_MARK: root };
    const other = new ProcessHost({ directory: join(root, 'others'), clock: systemClock, mark });
    const handle = await other.start(shell('a', 'sleep 60'));
    await mkdir(join(root, 'records'));
    const path = join(root, 'records', 'a.json');
    await writeFile(path, JSON.stringify({ id: 'a', pid: handle.pid, startTicks: handle.startTicks - 1 }));
    await writeFile(join(root, 'records', 'broken.json'), '{');
    expect((await newHost().adopt()).size).toBe(0);
    await other.stop(handle, 0);
  });

  it('asks first, and kills after the grace together with what the program has started', async () => {
    const handle = await host.start(shell('a', 'trap "" TERM; (trap "" TERM; sleep 60) & echo ready; wait; sleep 60'));
    await until(async () => (await readFile(join(root, 'a.log'), 'utf8')).includes('ready'));
    const members = sessionMembers(handle.pid);
    expect(members.length).toBeGreaterThan(1);
    await host.stop(handle, 50);
    await until(async () => sessionMembers(handle.pid).length === 0);
    expect(isAlive(handle.pid, handle.startTicks)).toBe(false);
    expect(await readdir(join(root, 'records'))).toEqual([]);
  });

  it('lets a program that leaves when asked leave with its own code', async () => {
    const handle = await host.start(shell('a', 'trap "exit 7" TERM; echo ready; while true; do sleep 0.05; done'));
    await until(async () => (await readFile(join(root, 'a.log'), 'utf8')).includes('ready'));
    expect(await host.stop(handle, 20_000)).toEqual({ code: 7 });
  });

  it('takes over an orphan by the pid that its launcher leaves in a file', async () => {
    const orphanPidFile = join(root, 'pid');
    const script = `setsid sleep 60 & echo $! > ${orphanPidFile}`;
    const handle = await host.start({ ...shell('a', script), orphanPidFile });
    expect(isAlive(handle.pid, handle.startTicks)).toBe(true);
    expect(await readFile(`/proc/${handle.pid}/cmdline`, 'utf8')).toContain('sleep');
    expect(await host.stop(handle, 1_000)).toEqual({});
  });

  it('marks every process, so that one without a record is found too', async () => {
    const handle = await host.start(shell('a', 'sleep 60'));
    await rm(join(root, 'records'), { recursive: true });
    expect(await findMarkedProcesses('TEST_MARK', root)).toContain(handle.pid);
    expect(await findMarkedProcesses('TEST_MARK', `${root}x`)).toEqual([]);
  });

  it('adopts what was started and never recorded, and ends a second one of the same id', async () => {
    const handle = await host.start(shell('a', 'sleep 60'));
    await rm(join(root, 'records'), { recursive: true });
    const next = newHost();
    expect((await next.adopt()).get('a')).toMatchObject({ pid: handle.pid, startTicks: handle.startTicks });
    expect(await readdir(join(root, 'records'))).toEqual(['a.json']);
    const second = await newHost().start(shell('a', 'sleep 60'));
    await writeFile(join(root, 'records', 'a.json'), JSON.stringify({ ...handle, exited: undefined }));
    expect((await newHost().adopt()).get('a')?.pid).toBe(handle.pid);
    expect(await second.exited).toEqual({ signal: 'SIGKILL' });
    expect(isAlive(handle.pid, handle.startTicks)).toBe(true);
  });

  it('leaves nothing running that it could not record', async () => {
    await writeFile(join(root, 'records'), 'in the way');
    await expect(host.start(shell('a', 'sleep 60'))).rejects.toThrow();
    await until(async () => (await findMarkedProcesses('TEST_MARK', root)).length === 0);
    expect(host.get('a')).toBeUndefined();
  });
});

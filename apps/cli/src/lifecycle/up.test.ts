import { existsSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@meshwise/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Platform } from '../platform.ts';
import { type Bench, bench, eventually } from '../testing/run-cli.ts';

const envoy = { path: '/opt/envoy', version: '1.40.0', source: 'cache' } as const;
const platform: Partial<Platform> = { ensureEnvoy: async () => envoy };

/** A state directory without a daemon; whatever `up` starts in it ends with the test. */
async function machine(behaviour = ''): Promise<Bench> {
  const here = await bench({ daemon: false, platform, env: { TEST_DAEMON: behaviour } });
  onTestFinished(() => {
    const pid = daemonPid(here);
    if (pid !== undefined && isRunning(pid)) process.kill(pid, 'SIGKILL');
  });
  return here;
}

function daemonPid({ home }: Bench): number | undefined {
  const path = join(home, 'daemon.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { pid: number }).pid : undefined;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('meshwise up --detach', () => {
  test('starts the daemon, waits for the page, prints the addresses and returns', async () => {
    const here = await machine();
    const { code, stdout, stderr } = await here.meshwise('up --detach --sample bookinfo');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(
      /^Gateway: {4}http:\/\/127\.0\.0\.1:\d+\/productpage\nInterface: {2}http:\/\/127\.0\.0\.1:\d+\/#token=once\nCapture: {4}netns\n$/,
    );
    expect(stderr).toContain('1.40.0 (/opt/envoy)');
    const pid = daemonPid(here) ?? 0;
    expect(isRunning(pid)).toBe(true);
    // A session of its own: the end of this terminal does not reach it.
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[3]).toBe(String(pid));
    expect((await stat(here.home)).mode & 0o777).toBe(0o700);
    expect((await stat(join(here.home, 'log', 'daemon.log'))).mode & 0o777).toBe(0o600);

    expect(await here.meshwise('down')).toMatchObject({ code: 0, stdout: 'Stopped.\n' });
    // Its parent is this process, which has to take notice of the end before the number is free.
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  test('is machine readable', async () => {
    const here = await machine();
    const { stdout } = await here.meshwise('up --detach -o json');
    expect(JSON.parse(stdout)).toMatchObject({ state: 'ready', addresses: { gateway: null, page: null } });
  });

  test('where a daemon runs already says so, starts no other and leaves it', async () => {
    const here = await machine();
    await here.meshwise('up --detach');
    const pid = daemonPid(here) ?? 0;
    const second = await here.meshwise('up --detach --capture loopback');
    expect(second.code).toBe(0);
    expect(second.stderr).toContain('A daemon runs already on ');
    expect(second.stderr).toContain('--capture takes effect at the next start');
    expect(daemonPid(here)).toBe(pid);
    expect(isRunning(pid)).toBe(true);
  });

  test.each([
    ['refuse', 'error MW6002: port 8080 for the gateway is taken\n  Choose another.\n'],
    ['crash', 'error MW6008: it ended with code 7\n  Read '],
  ])('ends with 3 and the reason when the daemon does not start (%s)', async (behaviour, message) => {
    const { code, stdout, stderr } = await (await machine(behaviour)).meshwise('up --detach');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('of a state directory that cannot be made ends with 3 and MW2006', async () => {
    const { meshwise } = await bench({
      daemon: false,
      platform,
      env: { MESHWISE_HOME: join(process.execPath, 'state') },
    });
    const { code, stderr } = await meshwise('up --detach');
    expect(code).toBe(3);
    expect(stderr).toContain(`error MW2006: ${join(process.execPath, 'state')}: `);
  });
});

describe('meshwise up in the foreground', () => {
  test('holds the mesh until Ctrl-C, then stops it and ends with 0', async () => {
    const here = await machine();
    const held = here.start('up --sample bookinfo');
    await eventually(() => held.stderr().includes('Ctrl-C stops it.'));
    const pid = daemonPid(here) ?? 0;
    here.signal('SIGINT');
    here.signal('SIGINT');
    const { code, stderr } = await held.done;
    expect(code).toBe(0);
    expect(stderr).toContain('asking the daemon to stop the mesh');
    expect(stderr).toMatch(/Stopped\.\n$/);
    expect(isRunning(pid)).toBe(false);
  });

  test('a second Ctrl-C ends at once a daemon that does not', async () => {
    const here = await machine('stay');
    const held = here.start('up');
    await eventually(() => held.stderr().includes('Ctrl-C stops it.'));
    const pid = daemonPid(here) ?? 0;
    here.signal('SIGINT');
    await systemClock.sleep(1_000);
    expect(isRunning(pid)).toBe(true);
    here.signal('SIGINT');
    expect((await held.done).code).toBe(0);
    expect(isRunning(pid)).toBe(false);
  });

  test('Ctrl-C while it starts stops what was started and ends with 3', async () => {
    const here = await machine('slow');
    const held = here.start('up --sample bookinfo');
    await eventually(() => held.stderr().includes('product page: the gateway does not listen yet'));
    const pid = daemonPid(here) ?? 0;
    here.signal('SIGTERM');
    const { code, stderr } = await held.done;
    expect(code).toBe(3);
    expect(stderr).toContain('error MW6008: stopped before it was ready\n');
    expect(isRunning(pid)).toBe(false);
  });

  test('attached to a mesh that another started, Ctrl-C leaves it running', async () => {
    const here = await machine();
    await here.meshwise('up --detach');
    const pid = daemonPid(here) ?? 0;
    const attached = here.start('up');
    await eventually(() => attached.stderr().includes('Ctrl-C leaves it running'));
    here.signal('SIGINT');
    expect(await attached.done).toMatchObject({ code: 0, stderr: expect.stringMatching(/The daemon goes on\.\n$/) });
    expect(isRunning(pid)).toBe(true);
  });

  test('a daemon that was killed ends it with 3; one that was stopped from elsewhere with 0', async () => {
    const killed = await machine();
    const one = killed.start('up');
    await eventually(() => one.stderr().includes('Ctrl-C stops it.'));
    process.kill(daemonPid(killed) ?? 0, 'SIGKILL');
    expect(await one.done).toMatchObject({ code: 3, stderr: expect.stringContaining('the daemon ended by SIGKILL') });

    const stopped = await machine();
    const other = stopped.start('up');
    await eventually(() => other.stderr().includes('Ctrl-C stops it.'));
    await stopped.meshwise('down');
    expect(await other.done).toMatchObject({ code: 0, stderr: expect.stringContaining('stopped from elsewhere') });
  });
});

describe('meshwise down', () => {
  test('where nothing runs says so and ends with 0', async () => {
    const here = await machine();
    expect(await here.meshwise('down')).toMatchObject({ code: 0, stdout: 'Nothing was running.\n' });
  });

  test('cleans up after a daemon that was killed', async () => {
    const here = await machine();
    await here.meshwise('up --detach');
    process.kill(daemonPid(here) ?? 0, 'SIGKILL');
    expect((await here.meshwise('down')).code).toBe(0);
  });

  test('--purge removes the state directory, and no directory that is none', async () => {
    const here = await machine();
    await here.meshwise('up --detach');
    expect(await here.meshwise('down --purge')).toMatchObject({ code: 0, stdout: `Stopped. Removed ${here.home}.\n` });
    expect(existsSync(here.home)).toBe(false);
    const other = await bench({ daemon: false, platform, env: { MESHWISE_HOME: process.cwd() } });
    expect(await other.meshwise('down --purge')).toMatchObject({ code: 2, stdout: '' });
    expect(existsSync(process.cwd())).toBe(true);
  });
});

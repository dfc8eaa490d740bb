import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPortFree } from '@meshwise/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Home, homeAt } from './home.ts';
import { takeLock } from './lock.ts';
import { choosePort } from './ports.ts';

let home: Home;
beforeEach(async () => {
  home = homeAt(await mkdtemp(join(tmpdir(), 'lock-')));
  await mkdir(home.run);
});
afterEach(() => rm(home.path, { recursive: true, force: true }));

describe('the lock of a state directory', () => {
  it('is held by one daemon at a time, and free again when it is given back', async () => {
    const unlock = await takeLock(home);
    await expect(takeLock(home)).rejects.toMatchObject({ code: 'MW6001' });
    await unlock();
    await (await takeLock(home))();
  });

  it.each([
    ['died', JSON.stringify({ pid: 2 ** 22 + 7, startTicks: 1 })],
    ['died, whose pid is another process by now', JSON.stringify({ pid: process.pid, startTicks: 1 })],
    ['died while it wrote it', '{"pi'],
  ])('is taken from a daemon that %s', async (_case, text) => {
    await writeFile(join(home.run, 'daemon.lock'), text);
    await (await takeLock(home))();
  });
});

describe('the choice of a port', () => {
  const none = new Set<number>();

  it('is the one asked for, or an error when that is taken', async () => {
    expect(await choosePort('API', 21_999, 1, none, () => false)).toBe(21_999);
    await expect(choosePort('API', 21_999, 1, new Set([21_999]), () => false)).rejects.toMatchObject({
      code: 'MW6002',
    });
  });

  it('is the next free one when nobody asked', async () => {
    const port = await choosePort('API', null, 22_000, new Set([22_000]), () => false);
    expect(port).toBeGreaterThan(22_000);
    expect(await isPortFree(port)).toBe(true);
  });

  it('keeps a port that our own gateway holds', async () => {
    const { createServer } = await import('node:net');
    const gateway = createServer();
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
    const { port } = gateway.address() as { port: number };
    expect(await choosePort('gateway', port, 1, none, (candidate) => candidate === port)).toBe(port);
    await expect(choosePort('gateway', port, 1, none, () => false)).rejects.toMatchObject({ code: 'MW6002' });
    gateway.close();
  });
});

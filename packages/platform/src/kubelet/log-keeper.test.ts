import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boundLogs } from './log-keeper.ts';

let root: string;
let pod: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'logs-'));
  pod = join(root, 'default', 'web-1');
  await mkdir(pod, { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const gone = async () => false;

describe('keeping logs bounded', () => {
  it('keeps the last five starts of each container, by number and not by name', async () => {
    for (const start of [0, 2, 9, 10, 11, 12, 13]) await writeFile(join(pod, `web.${start}.log`), 'x');
    await writeFile(join(pod, 'istio-proxy.0.log'), 'x');
    await boundLogs(root, Date.now(), gone);
    const kept = (await readdir(pod)).sort();
    expect(kept).toEqual(['istio-proxy.0.log', 'web.10.log', 'web.11.log', 'web.12.log', 'web.13.log', 'web.9.log']);
  });

  it('empties a file past ten mebibytes and keeps its newest part beside it', async () => {
    const path = join(pod, 'web.0.log');
    await writeFile(
      path,
      Buffer.concat([Buffer.from('first line\n'), Buffer.alloc(10 * 1024 * 1024, 'y'), Buffer.from('last\n')]),
    );
    await boundLogs(root, Date.now(), gone);
    expect((await stat(path)).size).toBe(0);
    const old = await readFile(`${path}.old`, 'utf8');
    expect([old.length, old.startsWith('first'), old.endsWith('last\n')]).toEqual([10 * 1024 * 1024, false, true]);
  });

  it('leaves a file of exactly the limit alone', async () => {
    await writeFile(join(pod, 'web.0.log'), Buffer.alloc(10 * 1024 * 1024));
    await boundLogs(root, Date.now(), gone);
    expect(await readdir(pod)).toEqual(['web.0.log']);
  });

  it('removes the folder of a pod that has been silent for more than a day', async () => {
    await writeFile(join(pod, 'web.0.log'), 'x');
    const then = new Date('2026-01-01T00:00:00Z');
    await utimes(join(pod, 'web.0.log'), then, then);
    await boundLogs(root, then.getTime() + 24 * 3_600_000, gone);
    expect(await readdir(join(root, 'default'))).toEqual(['web-1']);
    await boundLogs(root, then.getTime() + 24 * 3_600_000 + 1, gone);
    expect(await readdir(join(root, 'default'))).toEqual([]);
  });

  it('keeps the logs of a pod that runs and has been silent for long', async () => {
    await writeFile(join(pod, 'web.0.log'), 'x');
    const then = new Date('2026-01-01T00:00:00Z');
    await utimes(join(pod, 'web.0.log'), then, then);
    const asked: string[] = [];
    await boundLogs(root, then.getTime() + 10 * 24 * 3_600_000, async (...names) => asked.push(names.join('/')) > 0);
    expect([asked, await readdir(pod)]).toEqual([['default/web-1'], ['web.0.log']]);
  });

  it('bounds the logs of proxies that belong to no pod, and removes what was moved aside of starts that go', async () => {
    await writeFile(join(root, 'node-proxy.log'), Buffer.alloc(10 * 1024 * 1024 + 1));
    for (const start of [0, 1, 2, 3, 4, 5]) await writeFile(join(pod, `web.${start}.log`), 'x');
    await writeFile(join(pod, 'web.0.log.old'), 'x');
    await boundLogs(root, Date.now(), gone);
    expect((await stat(join(root, 'node-proxy.log'))).size).toBe(0);
    expect((await readdir(pod)).some((name) => name.startsWith('web.0.'))).toBe(false);
  });
});

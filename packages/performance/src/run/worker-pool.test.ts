import { launchChild } from '@meshwise/load/node';
import { describe, expect, it } from 'vitest';
import { WorkerPool } from './worker-pool.ts';

/** Says `done` to every run, nothing to anything else, and hangs when told to. */
const PROGRAM = `
  process.stdin.on('data', (data) => {
    for (const line of data.toString().trim().split('\\n')) {
      if (line.includes('run')) console.log(JSON.stringify({ type: 'done', and: 'whatever else it has to say, at some length, of how it went' }));
    }
  });
  process.stdin.on('end', () => process.exit(0));`;
const argv = [process.execPath, '-e', PROGRAM];

async function serve(pool: WorkerPool, message: string): Promise<number | undefined> {
  const worker = await pool.launch({ argv });
  const answered = new Promise<void>((resolve) => worker.onLine(() => resolve()));
  worker.write(message);
  if (message.includes('run')) await answered;
  worker.kill();
  await worker.exited;
  return worker.pid;
}

function isThere(pid: number | undefined): boolean {
  try {
    return process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
}

describe('the pool of workers', () => {
  it('gives a worker that is done to the next run, and ends it at the end', async () => {
    const pool = new WorkerPool(launchChild());
    const first = await serve(pool, '{"type":"run"}');
    expect(await serve(pool, '{"type":"run"}')).toBe(first);
    expect(() => process.kill(first ?? 0, 0)).not.toThrow();
    await pool.close();
    expect(() => process.kill(first ?? 0, 0)).toThrow('ESRCH');
  });

  it('does not give the same worker to two at once', async () => {
    const pool = new WorkerPool(launchChild());
    const workers = await Promise.all([pool.launch({ argv }), pool.launch({ argv })]);
    expect(new Set(workers.map(({ pid }) => pid)).size).toBe(2);
    await pool.close();
  });

  it('kills a worker that is not done, and one that has ended is not given again', async () => {
    const pool = new WorkerPool(launchChild());
    const busy = await serve(pool, '{"type":"hang"}');
    expect(() => process.kill(busy ?? 0, 0)).toThrow('ESRCH');
    expect(await serve(pool, '{"type":"run"}')).not.toBe(busy);
    await pool.close();
  });

  it('leaves none behind that was about to start when it was closed', async () => {
    const pool = new WorkerPool(launchChild());
    const starting = pool.launch({ argv });
    await pool.close();
    const { pid, kill, exited } = await starting;
    kill();
    await exited;
    await expect.poll(() => isThere(pid)).toBe(false);
  });

  it('does not let one that has given its worker back speak for the next', async () => {
    const pool = new WorkerPool(launchChild());
    const first = await pool.launch({ argv });
    first.kill();
    await first.exited;
    const heard: string[] = [];
    first.onLine((line) => heard.push(line));
    const second = await pool.launch({ argv });
    expect(second.pid).toBe(first.pid);
    first.kill();
    const answered = new Promise((resolve) => second.onLine(resolve));
    second.write('{"type":"run"}');
    expect(await answered).toContain('"done"');
    expect(heard).toEqual([]);
    await pool.close();
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { UseMeter } from './use-meter.ts';

const children: ChildProcess[] = [];

/** A program that leads a session, says a line when it has done what the script says, and stays. */
async function program(script: string): Promise<number> {
  const child = spawn(process.execPath, ['-e', `${script}; console.log('done'); setInterval(() => {}, 1000)`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child.pid ?? 0;
}

afterEach(() => {
  for (const { pid } of children.splice(0)) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
});

/** JavaScript that uses so much CPU time, however busy the machine is. */
function burn(cpuMs: number): string {
  return `{ const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e3; };
    const end = used() + ${cpuMs}; while (used() < end); }`;
}

describe.skipIf(process.platform !== 'linux')('what programs use', () => {
  it('is counted as the program itself counts it', async () => {
    const pid = await program(burn(200));
    const use = new UseMeter().read([pid]).get(pid);
    expect(use?.cpuMs).toBeGreaterThan(200);
    expect(use?.memoryBytes).toBeGreaterThan(10 << 20);
  });

  it('holds what children in its session use, and does not fall when they end (000-96)', async () => {
    const child = JSON.stringify(`${burn(200)} setInterval(() => {}, 1000)`);
    const pid = await program(`
      const child = require('node:child_process').spawn(process.execPath, ['-e', ${child}]);
      child.once('exit', () => console.log('its child has ended'));
      process.once('SIGUSR2', () => child.kill('SIGKILL'))`);
    const meter = new UseMeter();
    const cpuMs = () => meter.read([pid]).get(pid)?.cpuMs ?? 0;
    await expect.poll(cpuMs).toBeGreaterThan(250);
    const before = cpuMs();
    const ended = new Promise((resolve) => children[0]?.stdout?.once('data', resolve));
    process.kill(pid, 'SIGUSR2');
    await ended;
    expect(cpuMs()).toBeGreaterThanOrEqual(before);
    // A meter that has not seen the child cannot know of it.
    expect(new UseMeter().read([pid]).get(pid)?.cpuMs).toBeLessThan(before);
  });

  it('is not told of what does not run', () => {
    expect([...new UseMeter().read([2 ** 22 + 1]).keys()]).toEqual([]);
  });
});

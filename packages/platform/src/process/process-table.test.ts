import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isAlive, parseProcessStat, readProcessStat, readSessionUse, sessionMembers } from './process-table.ts';

describe('the process table', () => {
  it('reads fields behind a command name that holds spaces and brackets', () => {
    const fields = Array.from({ length: 50 }, (_, index) => String(index + 4));
    const stat = parseProcessStat(`42 (a) b (c) S ${fields.join(' ')}\n`);
    expect(stat).toEqual({
      pid: 42,
      state: 'S',
      session: 6,
      cpuTicks: 14 + 15,
      startTicks: 22,
      residentPages: 24,
    });
    expect(parseProcessStat('')).toBeUndefined();
  });

  it('knows a process by pid and start time, and that a pid used again is another process', async () => {
    const child = spawn('sleep', ['60']);
    const stat = readProcessStat(child.pid ?? 0);
    expect(isAlive(child.pid ?? 0, stat?.startTicks ?? 0)).toBe(true);
    expect(isAlive(child.pid ?? 0, (stat?.startTicks ?? 0) - 1)).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive(child.pid ?? 0, stat?.startTicks ?? 0)).toBe(false);
  });

  it('adds a program and its children up as one session', async () => {
    const child = spawn('sh', ['-c', 'sleep 60 & sleep 60 & echo ready; wait'], { detached: true });
    await once(child.stdout, 'data');
    const leader = child.pid ?? 0;
    expect(sessionMembers(leader).length).toBe(3);
    const use = readSessionUse().get(leader);
    const own = readProcessStat(leader)?.residentPages ?? 0;
    expect(use?.memoryBytes).toBeGreaterThan(own * 4096);
    process.kill(-leader, 'SIGKILL');
  });
});

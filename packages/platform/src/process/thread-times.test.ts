import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { threadTimes } from './thread-times.ts';

/** A directory like `/proc` with these files. */
function proc(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'proc-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(directory, path, '..'), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
}

describe('the CPU time of threads', () => {
  it('leaves out a thread that has just ended, and does not count the process instead (000-96)', () => {
    const files = { 'self/schedstat': '9 0 1', '7/task/7/schedstat': '5000 1 2', '7/task/8/comm': 'ending' };
    expect([...threadTimes({ pid: 7, cpuTicks: 300 }, proc(files))]).toEqual([['7/7', 5_000]]);
  });

  it('is nothing for a process that has just ended', () => {
    expect([...threadTimes({ pid: 7, cpuTicks: 300 }, proc({ 'self/schedstat': '9 0 1' }))]).toEqual([]);
  });

  it.each([
    ['has no such file', { '7/task/7/comm': 'a' }],
    ['does not count', { 'self/schedstat': '0 0 0', '7/task/7/schedstat': '0 0 0' }],
  ])('is that of the process where the kernel %s', (_, files) => {
    expect([...threadTimes({ pid: 7, cpuTicks: 300 }, proc(files))]).toEqual([['7/', 3e9]]);
  });
});

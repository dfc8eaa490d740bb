import { describe, expect, test } from 'vitest';
import { firstLine, run } from './run.mjs';

describe('running a program', () => {
  test('gives its exit code, also of one that a signal ended', async () => {
    expect(await run(process.execPath, ['-e', 'process.exit(5)'])).toBe(5);
    expect(await run(process.execPath, ['-e', 'process.kill(process.pid, "SIGTERM")'])).toBe(143);
  });

  test('that is not there is 3, "could not"', async () => {
    expect(await run('/nowhere/program', [])).toBe(3);
    expect(firstLine('/nowhere/program', [])).toBeUndefined();
  });

  test('reads the first line it prints', () => {
    expect(firstLine(process.execPath, ['--version'])).toBe(process.version);
    expect(firstLine(process.execPath, ['-e', 'process.exit(1)'])).toBeUndefined();
  });
});

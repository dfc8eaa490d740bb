import { describe, expect, test } from 'vitest';
import { cpuTimeMs, parseMachineCpu, parseSmaps } from './proc.ts';

describe('what the kernel says of a process', () => {
  test('gives proportional, private and resident memory', () => {
    const text =
      'a-b ---p 0 0 0 [rollup]\nRss:  300 kB\nPss:  120 kB\nPss_Dirty: 9 kB\nPrivate_Clean: 10 kB\nPrivate_Dirty: 70 kB\n';
    expect(parseSmaps(text)).toEqual({ rssBytes: 307_200, pssBytes: 122_880, privateBytes: 81_920 });
  });

  test('leaves unknown what it does not say', () => {
    expect(parseSmaps('Rss: 1 kB\n').pssBytes).toBeNaN();
  });

  test('adds up the work of the machine without its idling', () => {
    expect(parseMachineCpu('cpu  100 10 20 9999 888 1 2 0 0 0\ncpu0 1 1\n')).toBe(1_330);
  });

  test.skipIf(process.platform !== 'linux')('grows with the work of this process', async () => {
    const before = await cpuTimeMs(process.pid);
    let sum = 0;
    for (let step = 0; step < 3e7; step += 1) sum += Math.sqrt(step);
    expect(sum).toBeGreaterThan(0);
    expect(await cpuTimeMs(process.pid)).toBeGreaterThan(before);
  });
});

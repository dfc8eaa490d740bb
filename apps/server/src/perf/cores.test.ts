import { spawn, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parseCores, sharesCores } from './cores.ts';

describe('cores', () => {
  it.each([
    ['0', [0]],
    ['0-1', [0, 1]],
    ['0-2,5,7-8', [0, 1, 2, 5, 7, 8]],
  ])('%s are listed', (list, expected) => {
    expect([...parseCores(list)]).toEqual(expected);
  });

  it('are shared with oneself, and nobody can tell of what does not run', () => {
    expect(sharesCores([process.pid])).toBe(true);
    expect(sharesCores([2 ** 22 + 1])).toBeNull();
  });

  it.skipIf(spawnSync('taskset', ['-c', '0', 'true']).status !== 0)(
    'are not shared by programs that were kept apart',
    async () => {
      const asked = `import(${JSON.stringify(new URL('./cores.ts', import.meta.url).href)}).then(({ sharesCores }) =>
      console.log(sharesCores([Number(process.argv[1])])))`;
      const other = spawn('taskset', ['-c', '1', 'sleep', '60']);
      const answer = (core: string) =>
        spawnSync('taskset', ['-c', core, process.execPath, '-e', asked, String(other.pid)], {
          encoding: 'utf8',
        }).stdout.trim();
      await new Promise((resolve) => other.once('spawn', resolve));
      await expect.poll(() => answer('0')).toBe('false');
      expect(answer('1')).toBe('true');
      other.kill();
    },
  );
});

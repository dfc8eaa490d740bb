import { chmod, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installedProgram } from './installed-program.ts';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'installed-')));
  await writeFile(join(folder, 'guard-1.2'), '', { mode: 0o755 });
  await symlink('guard-1.2', join(folder, 'guard'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a program that an image names and the machine has', () => {
  const find = (env: NodeJS.ProcessEnv) => installedProgram('guard', 'Get it at guard.example.', env);

  it('is found on PATH, where links lead', async () => {
    expect(await find({ PATH: `/nowhere:${folder}` })).toBe(join(folder, 'guard-1.2'));
  });

  it('is the one that a variable names, whatever PATH has', async () => {
    const other = join(folder, 'other');
    await writeFile(other, '', { mode: 0o755 });
    expect(await find({ PATH: folder, MESHWISE_GUARD: other })).toBe(other);
  });

  it('is told to be missing, with how to install it', async () => {
    await expect(find({ PATH: '/nowhere' })).rejects.toMatchObject({
      code: 'MW3302',
      message: expect.stringContaining('this image needs guard, which is not installed'),
      advice: expect.stringMatching(/^Get it at guard\.example\. .*MESHWISE_GUARD/),
    });
  });

  it('is told to be none, where the variable names something else', async () => {
    await chmod(join(folder, 'guard-1.2'), 0o644);
    const path = join(folder, 'guard');
    await expect(find({ PATH: folder, MESHWISE_GUARD: path })).rejects.toThrow(/what MESHWISE_GUARD names is no/);
  });
});

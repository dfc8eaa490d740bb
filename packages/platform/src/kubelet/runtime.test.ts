import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launchable } from './runtime.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'runtime-'));
  await chmod(root, 0o755);
  await mkdir(join(root, 'shop', 'src'), { recursive: true });
  await writeFile(join(root, 'shop', 'src', 'web'), '', { mode: 0o755 });
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('how a program is started', () => {
  const launch = (over: { remap?: boolean; covered?: readonly string[] } = {}) =>
    launchable(
      { runtime: 'exec', entry: join(root, 'shop/src/web'), root: join(root, 'shop') },
      { remap: true, covered: [], cacheDirectory: root, stateDirectory: join(root, 'state'), ...over },
    );
  const shown = {
    argv: ['/opt/meshwise/program/src/web'],
    mounts: [{ source: '', target: '/opt/meshwise/program', readOnly: true }],
  };

  it('from where it is, when everybody can read it there', async () => {
    expect(await launch()).toEqual({ argv: [join(root, 'shop/src/web')], mounts: [] });
  });

  it('from a mount, when a folder on the way is private', async () => {
    await chmod(root, 0o700);
    expect(await launch()).toEqual({ ...shown, mounts: [{ ...shown.mounts[0], source: join(root, 'shop') }] });
  });

  it('from a mount, when a volume covers the place: a checkout below /tmp and an emptyDir on /tmp', async () => {
    expect((await launch({ covered: [root] })).argv).toEqual(shown.argv);
    expect((await launch({ covered: [`${root}-other`, '/data'] })).mounts).toEqual([]);
  });

  it.each(['shop', 'shop/src', 'shop/src/web', 'shop/node'])(
    'from a mount, when a volume on %s would replace the code of the catalogue',
    async (below) => {
      const { argv, mounts } = await launch({ covered: [join(root, below)] });
      expect([argv, mounts[0]?.source]).toEqual([shown.argv, join(root, 'shop')]);
    },
  );

  it('from where it is, where nothing can be mounted', async () => {
    await chmod(root, 0o700);
    expect((await launch({ remap: false })).mounts).toEqual([]);
  });
});

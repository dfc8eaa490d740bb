import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { hostNetwork } from './leftovers.ts';
import { canCapture, ENVOY, IS_ROOT, ROOT } from './machine.ts';
import { TestMesh } from './mesh.ts';

export const CAN_RUN_AS_ROOT = ENVOY !== undefined && IS_ROOT && (await canCapture());

/** Images of the programs of this folder, as a user would map his own. */
const IMAGES = {
  images: [
    {
      match: 'test/reviews-broken',
      program: { runtime: 'node', entry: join(ROOT, 'tests/e2e/programs/reviews-broken.mjs') },
    },
    { match: 'test/app', program: { runtime: 'node', entry: join(ROOT, 'tests/e2e/programs/app.mjs') } },
    { match: 'test/collector', program: { runtime: 'node', entry: join(ROOT, 'tests/e2e/programs/collector.mjs') } },
    {
      match: 'test/conformance',
      program: { runtime: 'node', entry: join(ROOT, 'tests/e2e/programs/conformance.mjs') },
    },
    { match: 'test/hop', program: { runtime: 'node', entry: join(ROOT, 'tests/e2e/programs/hop.mjs') } },
    {
      match: 'test/installed',
      program: { runtime: 'path', entry: 'meshwise-nobody-has-this', install: 'Get it nowhere.' },
    },
    { match: 'test/files', program: { runtime: 'python', entry: join(ROOT, 'tests/e2e/programs/files.py') } },
  ],
};

/** One BookInfo in network namespaces for all tests of a `describe`; `use` gets the mesh, and the host's network before it. */
export function bookinfoForAll(use: (mesh: TestMesh, networkBefore: Record<string, string>) => void): void {
  let mesh: TestMesh | undefined;
  beforeAll(async () => {
    const before = await hostNetwork();
    mesh = await TestMesh.start({ capture: 'netns', sample: 'bookinfo' }, async ({ home }) => {
      await mkdir(home, { mode: 0o700 });
      await writeFile(join(home, 'images.json'), JSON.stringify(IMAGES));
    });
    use(mesh, before);
    await mesh.untilReady();
  }, 120_000);
  afterAll(async () => {
    await mesh?.dispose();
  });
}

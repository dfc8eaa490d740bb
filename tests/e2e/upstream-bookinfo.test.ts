import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binomialBounds } from './harness/binomial.ts';
import { eventually } from './harness/eventually.ts';
import { asProgram } from './harness/inside.ts';
import { findLeftovers } from './harness/leftovers.ts';
import { canCapture, ENVOY, IS_ROOT } from './harness/machine.ts';
import { TestMesh } from './harness/mesh.ts';
import { countStars, readPage } from './harness/page.ts';
import { publicBookinfo, publicGateway } from './harness/public-bookinfo.ts';

const possible = ENVOY !== undefined && IS_ROOT && (await canCapture());
/** A folder with istio's own samples/bookinfo: `bookinfo.yaml` and `bookinfo-gateway.yaml`, as they are. */
const UPSTREAM = process.env['MESHWISE_UPSTREAM_BOOKINFO'];

const ours = {
  name: 'a manifest under the public image names',
  read: async () => [publicBookinfo(), publicGateway()],
};
const istios = {
  name: "istio's own manifest, unmodified",
  read: () =>
    Promise.all(['bookinfo.yaml', 'bookinfo-gateway.yaml'].map((file) => readFile(join(UPSTREAM ?? '', file), 'utf8'))),
};
// Istio's files are no part of this repository: with them there is a second round, without them nothing is left out.
const sources = UPSTREAM === undefined ? [ours] : [ours, istios];

for (const source of sources) {
  const title = `${source.name} on an empty mesh (needs Envoy, root and namespaces)`;
  describe.skipIf(!possible)(title, { timeout: 60_000 }, () => {
    let mesh: TestMesh;

    beforeAll(async () => {
      mesh = await TestMesh.start({ capture: 'netns', sample: 'none' });
      await mesh.untilReady();
    }, 120_000);
    afterAll(async () => {
      await mesh?.dispose();
    });

    test('is applied as it is, without a remark, and reaches the product page (004-92)', async () => {
      const { outcomes, problems } = await mesh.apply(...(await source.read()));
      expect(problems).toEqual([]);
      expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['created']));
      await eventually(async () => expect(await readPage(mesh)).toMatchObject({ status: 200, details: true }));
      const { workloads, proxies, gateways } = await mesh.untilReady();
      const own = workloads.filter(({ namespace }) => namespace === 'default');
      expect(own).toHaveLength(6);
      expect(own.filter(({ injected, health }) => !injected || health !== 'healthy')).toEqual([]);
      expect(proxies).toHaveLength(7);
      expect(gateways).toMatchObject([
        { name: 'bookinfo-gateway', port: 80, address: mesh.gateway, health: 'healthy' },
      ]);
    });

    test('shows every version of reviews', async () => {
      const { low } = binomialBounds(60, 1 / 3);
      const counts = await countStars(mesh, 60);
      expect(counts.failed).toBe(0);
      for (const stars of ['none', 'black', 'red'] as const) expect(counts[stars], stars).toBeGreaterThanOrEqual(low);
    });

    test('has its volumes at their paths, to write to, and of its own', async () => {
      const { uid } = await mesh.pod('reviews-v1');
      const folders = ['/tmp', '/opt/ibm/wlp/output'];
      const script = `const fs = require('node:fs'); const folders = ${JSON.stringify(folders)};
        const before = folders.map((folder) => fs.readdirSync(folder).length);
        for (const folder of folders) fs.writeFileSync(folder + '/note', 'written');
        console.log(JSON.stringify({ before, after: folders.map((folder) => fs.readFileSync(folder + '/note', 'utf8')) }));`;
      expect(await asProgram(mesh, uid, script)).toEqual({ before: [0, 0], after: ['written', 'written'] });
    });

    test('leaves nothing after shutdown', async () => {
      const traces = await mesh.traces();
      await mesh.shutDown();
      expect(await findLeftovers(traces)).toEqual([]);
    });
  });
}

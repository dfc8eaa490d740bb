import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { binomialBounds } from './harness/binomial.ts';
import { bookinfoForAll, CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { eventually } from './harness/eventually.ts';
import { manifest } from './harness/manifests.ts';
import type { TestMesh } from './harness/mesh.ts';
import { countStars, readPage } from './harness/page.ts';
import { networking } from './harness/policies.ts';
import { sumOfStats } from './harness/stats.ts';

/** A folder with istio's own samples/bookinfo: its `networking` files, as they are. */
const UPSTREAM = process.env['MESHWISE_UPSTREAM_BOOKINFO'];

/** The workshop's steps, by the names of istio's files and of ours. */
const STEPS = {
  subsets: ['destination-rule-all', 'destination-rules'],
  allV1: ['virtual-service-all-v1', 'networking/all-v1'],
  jason: ['virtual-service-reviews-test-v2', 'networking/reviews-jason-v2'],
  eightyTwenty: ['virtual-service-reviews-80-20', 'networking/reviews-80-20'],
  half: ['virtual-service-reviews-50-v3', 'networking/reviews-50-v3'],
  delay: ['virtual-service-ratings-test-delay', 'networking/ratings-delay'],
  abort: ['virtual-service-ratings-test-abort', 'networking/ratings-abort'],
} as const;
type Step = keyof typeof STEPS;

const sources = [
  { name: 'our manifests', read: (step: Step) => manifest(STEPS[step][1]) },
  ...(UPSTREAM === undefined
    ? []
    : [
        {
          name: "istio's own files, unmodified",
          read: (step: Step) => readFile(join(UPSTREAM, 'networking', `${STEPS[step][0]}.yaml`), 'utf8'),
        },
      ]),
];

for (const source of sources) {
  const title = `the workshop's traffic steps with ${source.name} (needs Envoy, root and namespaces)`;
  describe.skipIf(!CAN_RUN_AS_ROOT)(title, { timeout: 60_000 }, () => {
    let mesh: TestMesh;
    bookinfoForAll((started) => {
      mesh = started;
    });
    /** Applies a step; nothing of it may be left out. */
    const step = async (name: Step) => {
      const { verdicts } = await mesh.apply(await source.read(name));
      expect(verdicts.filter(({ verdict }) => verdict !== 'accepted')).toEqual([]);
    };
    const everybodySeesV1 = async () => {
      await step('subsets');
      await step('allV1');
      await eventually(async () => expect(await countStars(mesh, 12, 'jason')).toMatchObject({ none: 12 }));
    };

    test('all to v1, then one user by header to v2 (004-115)', async () => {
      await everybodySeesV1();
      expect(await countStars(mesh, 12)).toMatchObject({ none: 12 });
      await step('jason');
      await eventually(async () => expect((await readPage(mesh, 'jason')).stars).toBe('black'));
      expect(await countStars(mesh, 12, 'jason')).toMatchObject({ black: 12 });
      expect(await countStars(mesh, 12)).toMatchObject({ none: 12 });
    });

    test('a delay of 7 s is seen as the failure that it is documented for (004-118)', async () => {
      await step('delay');
      await eventually(async () => expect((await readPage(mesh, 'jason')).stars).toBe('failed'));
      expect(await readPage(mesh)).toMatchObject({ status: 200, stars: 'none' });
    });

    test('an abort with 500 costs the ratings of one user (004-118)', async () => {
      await step('abort');
      await eventually(async () => expect((await readPage(mesh, 'jason')).ratingsUnavailable).toBe(true));
      expect(await readPage(mesh)).toMatchObject({ status: 200, ratingsUnavailable: false });
    });

    test.each([
      ['eightyTwenty', 'black', 0.2],
      ['half', 'red', 0.5],
    ] as const)('%s: %s stars in a share of %d (004-16)', async (name, stars, share) => {
      await everybodySeesV1();
      await step(name);
      await eventually(async () => expect((await countStars(mesh, 12))[stars]).toBeGreaterThan(0));
      const { low, high } = binomialBounds(150, share);
      const counts = await countStars(mesh, 150);
      expect(counts.failed).toBe(0);
      expect(counts[stars]).toBeGreaterThanOrEqual(low);
      expect(counts[stars]).toBeLessThanOrEqual(high);
      expect(counts.none + counts[stars]).toBe(150);
    });

    test('mirrored traffic reaches v3 as often as v1, and nobody sees it (004-16)', async () => {
      await everybodySeesV1();
      const received = (version: string) =>
        sumOfStats(mesh, `default/reviews-${version}`, '^cluster\\.inbound\\|9080\\|\\|;?\\.upstream_rq_completed$');
      const mirrored = {
        hosts: ['reviews'],
        http: [
          {
            route: [{ destination: { host: 'reviews', subset: 'v1' } }],
            mirror: { host: 'reviews', subset: 'v3' },
            mirrorPercentage: { value: 100 },
          },
        ],
      };
      await mesh.apply(networking('VirtualService', 'reviews', mirrored));
      const before = await eventually(async () => {
        const started = await received('v3');
        await readPage(mesh);
        await eventually(async () => expect(await received('v3')).toBeGreaterThan(started));
        return { v1: await received('v1'), v3: await received('v3') };
      });
      expect(await countStars(mesh, 40)).toMatchObject({ none: 40 });
      await eventually(async () => {
        expect({ v1: (await received('v1')) - before.v1, v3: (await received('v3')) - before.v3 }).toEqual({
          v1: 40,
          v3: 40,
        });
      });
    });
  });
}

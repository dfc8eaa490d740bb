import { join } from 'node:path';
import { PATHS } from '@meshwise/api';
import { adminRequest } from '@meshwise/platform';
import { afterAll, describe, expect, test } from 'vitest';
import { binomialBounds } from './harness/binomial.ts';
import { bookinfoForAll, CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { eventually, pause } from './harness/eventually.ts';
import { findLeftovers, hostNetwork } from './harness/leftovers.ts';
import { underLoad } from './harness/load.ts';
import { manifest } from './harness/manifests.ts';
import type { TestMesh } from './harness/mesh.ts';
import { countStars, pageOutcome, readPage } from './harness/page.ts';

describe.skipIf(!CAN_RUN_AS_ROOT)(
  'BookInfo in network namespaces (needs Envoy, root and namespaces)',
  { timeout: 60_000 },
  () => {
    let mesh: TestMesh;
    let before: Record<string, string>;
    bookinfoForAll((started, networkBefore) => {
      mesh = started;
      before = networkBefore;
    });

    describe('as it starts', () => {
      test('shows every version of reviews through the gateway (004-92, 004-99)', async () => {
        const { low, high } = binomialBounds(60, 1 / 3);
        const counts = await countStars(mesh, 60);
        expect(counts.failed).toBe(0);
        for (const stars of ['none', 'black', 'red'] as const) {
          expect(counts[stars], stars).toBeGreaterThanOrEqual(low);
          expect(counts[stars], stars).toBeLessThanOrEqual(high);
        }
      });

      test('gives each proxy its own SPIFFE identity and has all of them in step (004-84)', async () => {
        const { proxies, mesh: facts } = await mesh.status();
        expect(facts).toMatchObject({ capture: 'netns', rootless: false });
        const identities = Object.fromEntries(proxies.map(({ workload, identity }) => [workload, identity]));
        const account = (name: string) => `spiffe://cluster.local/ns/default/sa/bookinfo-${name}`;
        expect(identities).toEqual({
          'default/productpage-v1': account('productpage'),
          'default/details-v1': account('details'),
          'default/ratings-v1': account('ratings'),
          'default/reviews-v1': account('reviews'),
          'default/reviews-v2': account('reviews'),
          'default/reviews-v3': account('reviews'),
          'istio-system/istio-ingressgateway':
            'spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account',
        });
        for (const { workload, synced, connected, types } of proxies) {
          expect({ workload, synced, connected }).toEqual({ workload, synced: true, connected: true });
          expect(types.filter(({ lastRejection }) => lastRejection !== null)).toEqual([]);
        }
      });

      test('says who calls what, and that it is mutual TLS (001-45)', async () => {
        await countStars(mesh, 12);
        const calls = await eventually(async () => {
          const seen = (await mesh.status()).calls.map(
            ({ from, service, mutualTls }) => `${from} ${service} ${mutualTls}`,
          );
          expect(seen.length).toBeGreaterThanOrEqual(5);
          return [...new Set(seen)].sort();
        });
        expect(calls).toEqual([
          'default/productpage-v1 default/details true',
          'default/productpage-v1 default/reviews true',
          'default/reviews-v2 default/ratings true',
          'default/reviews-v3 default/ratings true',
          'istio-system/istio-ingressgateway default/productpage true',
        ]);
      });

      test('pushes nothing when the same is applied again (000-28)', async () => {
        const texts = await Promise.all(['bookinfo', 'destination-rules', 'gateway'].map(manifest));
        await mesh.apply(...texts);
        const versions = async () =>
          (await mesh.status()).proxies.map(({ id, types }) => [id, types.map(({ type, sent }) => [type, sent])]);
        const resources = async () =>
          Promise.all(
            ['deployments', 'services', 'serviceaccounts', 'gateways', 'virtualservices', 'destinationrules'].map(
              async (kind) => (await mesh.list(kind)).map(({ metadata }) => [metadata.name, metadata.resourceVersion]),
            ),
          );
        await pause(1_000);
        const sent = await versions();
        const stored = await resources();
        const { outcomes } = await mesh.apply(...texts);
        expect(outcomes.length).toBeGreaterThan(15);
        expect(outcomes.filter(({ outcome }) => outcome !== 'unchanged')).toEqual([]);
        await pause(1_000);
        expect(await versions()).toEqual(sent);
        expect(await resources()).toEqual(stored);
      });

      test('leaves the network of the machine as it was', async () => {
        expect(await hostNetwork()).toEqual(before);
      });
    });

    describe('routes as VirtualServices say (000-3, 004-115)', () => {
      afterAll(async () => {
        await mesh.delete('virtualservices', ['productpage', 'reviews', 'ratings', 'details']);
      });

      test('one user sees another version than everybody else', async () => {
        await mesh.apply(await manifest('networking/all-v1'));
        await eventually(async () => expect(await countStars(mesh, 12)).toMatchObject({ none: 12 }));
        await mesh.apply(await manifest('networking/reviews-jason-v2'));
        await eventually(async () => expect((await readPage(mesh, 'jason')).stars).toBe('black'));
        expect(await countStars(mesh, 12, 'jason')).toMatchObject({ black: 12 });
        expect(await countStars(mesh, 12, 'emily')).toMatchObject({ none: 12 });
        expect(await countStars(mesh, 12)).toMatchObject({ none: 12 });
      });

      test('a delay longer than the page is patient costs the reviews, for that user alone (000-4, 004-118)', async () => {
        await mesh.apply(await manifest('networking/ratings-delay'));
        await eventually(async () => expect((await readPage(mesh, 'jason')).stars).toBe('failed'));
        expect(await readPage(mesh)).toMatchObject({ status: 200, stars: 'none', details: true });
        expect(await injectedFaults('reviews-v2', 'delays')).toBeGreaterThan(0);
      });

      test('an abort costs the ratings, for that user alone (000-4, 004-118)', async () => {
        await mesh.apply(await manifest('networking/ratings-abort'));
        await eventually(async () => expect((await readPage(mesh, 'jason')).ratingsUnavailable).toBe(true));
        expect(await readPage(mesh)).toMatchObject({ status: 200, stars: 'none', ratingsUnavailable: false });
        expect(await injectedFaults('reviews-v2', 'aborts')).toBeGreaterThan(0);
      });

      test('weights divide requests as they say (004-16)', async () => {
        await mesh.apply(await manifest('networking/all-v1'));
        await eventually(async () => expect(await countStars(mesh, 12, 'jason')).toMatchObject({ none: 12 }));
        await mesh.apply(await manifest('networking/reviews-80-20'));
        await eventually(async () => expect((await readPage(mesh)).stars).toBe('black'));
        const { low, high } = binomialBounds(150, 0.2);
        const counts = await countStars(mesh, 150);
        expect(counts).toMatchObject({ red: 0, failed: 0 });
        expect(counts.black).toBeGreaterThanOrEqual(low);
        expect(counts.black).toBeLessThanOrEqual(high);
      });

      test('routes change under load without a failed request (000-29)', async () => {
        const steps = [
          'reviews-v3',
          'reviews-80-20',
          'reviews-50-v3',
          'reviews-jason-v2',
          'reviews-90-10',
          'reviews-v3',
        ];
        const { failed, total } = await underLoad(
          () => pageOutcome(mesh),
          async () => {
            for (const step of steps) {
              await mesh.apply(await manifest(`networking/${step}`));
              await pause(400);
            }
            await mesh.delete('virtualservices', ['reviews']);
            await pause(400);
          },
        );
        expect(failed).toEqual({});
        expect(total).toBeGreaterThan(50);
      });
    });

    test('leaves nothing after shutdown', async () => {
      const traces = await mesh.traces();
      expect(traces.networkNamespaces.length).toBeGreaterThan(6);
      expect(traces.sharedMemory.length).toBeGreaterThan(6);
      // The search finds what runs: each process by its mark, its command line or its namespace, each shared memory and socket.
      expect((await findLeftovers(traces)).length).toBeGreaterThan(30);
      await mesh.shutDown();
      expect(await findLeftovers(traces)).toEqual([]);
      expect(await hostNetwork()).toEqual(before);
    });

    async function injectedFaults(workload: string, what: 'delays' | 'aborts'): Promise<number> {
      const { id } = await mesh.proxy(`default/${workload}`);
      const admin = join(await adsSocketOf(id), '../admin.sock');
      const { body } = await adminRequest(admin, `/stats?filter=fault.${what}_injected`);
      return [...body.matchAll(/: (\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
    }

    async function adsSocketOf(proxyId: string): Promise<string> {
      const { body } = await mesh.request(
        'GET',
        `${PATHS.proxyConfig}?type=bootstrap&proxy=${encodeURIComponent(proxyId)}`,
      );
      const path = /"path":\s*"([^"]*ads\.sock)"/.exec(body)?.[1];
      if (path === undefined) throw new Error(`no ADS socket in ${body}`);
      return path;
    }
  },
);

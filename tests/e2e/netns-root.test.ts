import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PATHS } from '@meshwise/api';
import { systemClock } from '@meshwise/core';
import { adminRequest, CertificateAuthority } from '@meshwise/platform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WireClient } from '../../packages/xds/src/testing/wire-client.ts';
import { binomialBounds } from './harness/binomial.ts';
import { eventually, pause } from './harness/eventually.ts';
import { send } from './harness/http.ts';
import { asProgram, inMesh, plainRequest, tlsRequest } from './harness/inside.ts';
import { findLeftovers, hostNetwork } from './harness/leftovers.ts';
import { underLoad } from './harness/load.ts';
import { canCapture, ENVOY, IS_ROOT, isOnPath, ROOT } from './harness/machine.ts';
import { deployment, manifest, peerAuthentication } from './harness/manifests.ts';
import { TestMesh } from './harness/mesh.ts';
import { countStars, pageOutcome, readPage } from './harness/page.ts';

const possible = ENVOY !== undefined && IS_ROOT && (await canCapture());
const IMAGES = {
  images: [
    { match: 'test/app', program: { runtime: 'node', entry: join(ROOT, 'tests/e2e/programs/app.mjs') } },
    { match: 'test/files', program: { runtime: 'python', entry: join(ROOT, 'tests/e2e/programs/files.py') } },
  ],
};

describe.skipIf(!possible)(
  'BookInfo in network namespaces (needs Envoy, root and namespaces)',
  { timeout: 60_000 },
  () => {
    let mesh: TestMesh;
    let before: Record<string, string>;

    beforeAll(async () => {
      before = await hostNetwork();
      mesh = await TestMesh.start({ capture: 'netns', sample: 'bookinfo' }, async ({ home }) => {
        await mkdir(home, { mode: 0o700 });
        await writeFile(join(home, 'images.json'), JSON.stringify(IMAGES));
      });
      await mesh.untilReady();
    }, 120_000);

    afterAll(async () => {
      await mesh?.dispose();
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

    describe('keeps strangers out (000-6, 001-38)', () => {
      const [port, path] = [9080, '/details/0'];
      let podIp: string;
      let foreign: string;

      beforeAll(async () => {
        podIp = (await mesh.pod('details-v1')).ip ?? '';
        foreign = await mkdtemp('/tmp/mw-ca-');
      });
      afterAll(async () => {
        await mesh.apply(peerAuthentication('PERMISSIVE'));
        await mesh.delete('peerauthentications', ['default']);
        await rm(foreign, { recursive: true, force: true });
      });

      test('plain text passes while the mode is permissive', async () => {
        expect(await inMesh(mesh, plainRequest(podIp, port, path))).toMatchObject({ status: 200 });
      });

      test('plain text, TLS without a certificate and foreign certificates are refused when it is strict', async () => {
        await mesh.apply(await manifest('networking/strict'));
        await eventually(async () =>
          expect(await inMesh(mesh, plainRequest(podIp, port, path))).toEqual({ error: 'ECONNRESET' }),
        );
        expect(await inMesh(mesh, tlsRequest(podIp, port, path))).toMatchObject({ error: expect.any(String) });

        const clock = systemClock;
        const identity = { trustDomain: 'cluster.local', namespace: 'default', serviceAccount: 'bookinfo-productpage' };
        const own = await CertificateAuthority.open({
          directory: join(mesh.home, 'ca'),
          trustDomain: 'cluster.local',
          clock,
        });
        const accepted = await own.issue(identity);
        expect(await inMesh(mesh, tlsRequest(podIp, port, path, accepted))).toEqual({ status: 200 });

        const sameName = await CertificateAuthority.open({
          directory: join(foreign, 'same-name'),
          trustDomain: 'cluster.local',
          clock,
        });
        const forged = await sameName.issue(identity);
        expect(await inMesh(mesh, tlsRequest(podIp, port, path, forged))).toMatchObject({ error: expect.any(String) });

        const other = await CertificateAuthority.open({
          directory: join(foreign, 'other'),
          trustDomain: 'elsewhere.example',
          clock,
        });
        const stranger = await other.issue({ ...identity, trustDomain: 'elsewhere.example' });
        expect(await inMesh(mesh, tlsRequest(podIp, port, path, stranger))).toMatchObject({
          error: expect.any(String),
        });
      });

      test('the application goes on under strict mode, for it speaks mutual TLS', async () => {
        expect(await readPage(mesh)).toMatchObject({ status: 200, details: true });
        expect((await countStars(mesh, 10)).failed).toBe(0);
      });

      test("a program's own port is reached by nobody but its proxy", async () => {
        expect(await inMesh(mesh, plainRequest('127.0.0.1', 9080, '/details/0'))).toEqual({ error: 'ECONNREFUSED' });
        await expect(send('http://127.0.0.1:9080/details/0')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
        const ratings = await mesh.pod('ratings-v1');
        // In another pod's namespace the same address is that pod's own program.
        const answer = await asProgram(mesh, ratings.uid, plainRequest('127.0.0.1', 9080, '/details/0'));
        expect(answer).toMatchObject({ status: 404 });
      });
    });

    describe('keeps keys and state from programs', () => {
      test('a proxy can neither pass for another nor ask for its key (004-84)', async () => {
        const { proxies } = await mesh.status();
        const idOf = (workload: string) => proxies.find((proxy) => proxy.workload === workload)?.id ?? '';
        const [thief, victim] = [idOf('default/ratings-v1'), idOf('default/productpage-v1')];
        const socket = await adsSocketOf(thief);

        const impostor = new WireClient(`unix:${socket}`, 'delta');
        impostor.send('SDS', { node: victim, resourceNamesSubscribe: ['default'] });
        const end = await impostor.ended;
        expect(end.code).not.toBe(0);
        expect(impostor.arrivedCount).toBe(0);
        impostor.close();

        const honest = new WireClient(`unix:${socket}`, 'delta');
        const foreignNames = ['spiffe://cluster.local/ns/default/sa/bookinfo-productpage', `default~${victim}`];
        honest.send('SDS', { node: thief, resourceNamesSubscribe: ['default', ...foreignNames] });
        const { resources, removedResources } = await honest.delta();
        honest.close();
        expect(resources.map(({ name }) => name)).toEqual(['default']);
        expect([...removedResources].sort()).toEqual([...foreignNames].sort());
        const certificate = Buffer.from(resources[0]?.resource?.value ?? []).toString('latin1');
        expect(certificate).toContain('BEGIN CERTIFICATE');
        const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(certificate)?.[0] ?? '';
        expect(new X509Certificate(pem).subjectAltName).toBe(
          'URI:spiffe://cluster.local/ns/default/sa/bookinfo-ratings',
        );
      });

      test('a program opens no socket, token, key or store of the mesh', async () => {
        const { uid } = await mesh.pod('productpage-v1');
        const proxy = join(await adsSocketOf((await mesh.proxy('default/productpage-v1')).id), '..');
        const paths = [
          ...['ads.sock', 'admin.sock', 'bootstrap.json'].map((name) => join(proxy, name)),
          ...['token', 'store.sqlite', 'ca/root.pem', 'ca/intermediate.pem', 'daemon.json'].map((name) =>
            join(mesh.home, name),
          ),
        ];
        for (const path of paths)
          await readFile(path).catch((error: { code: string }) => expect(error.code).toBe('ENXIO'));
        const script = `const fs = require('node:fs'); const net = require('node:net');
        const tried = ${JSON.stringify(paths)}.map(async (path) => {
          try { fs.readFileSync(path); return 'read'; } catch (error) {
            if (!path.endsWith('.sock')) return error.code;
            return new Promise((resolve) => net.connect(path).on('connect', () => resolve('connected')).on('error', (e) => resolve(e.code)));
          } });
        Promise.all(tried).then((answers) => console.log(JSON.stringify(answers)));`;
        expect(await asProgram(mesh, uid, script)).toEqual(paths.map(() => 'ENOENT'));
      });

      test('programs run without privileges, each as its own user', async () => {
        const uids = new Set<string>();
        for (const [id, pid] of Object.entries((await mesh.traces()).pids)) {
          if (!id.startsWith('program-')) continue;
          const status = await readFile(`/proc/${pid}/status`, 'utf8');
          const field = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1]?.split('\t') ?? [];
          const [uid = ''] = field('Uid');
          expect(new Set(field('Uid'))).toEqual(new Set([uid]));
          expect(Number(uid)).toBeGreaterThan(0);
          expect(field('NoNewPrivs')).toEqual(['1']);
          for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
            expect(field(set)).toEqual(['0000000000000000']);
          }
          uids.add(uid);
        }
        expect(uids.size).toBe(6);
      });

      test('a program sees a loopback interface and nothing else', async () => {
        const { uid } = await mesh.pod('productpage-v1');
        const script = `console.log(JSON.stringify(require('node:fs').readdirSync('/proc/self/net/dev_snmp6').sort()))`;
        expect(await asProgram(mesh, uid, script)).toEqual(['lo']);
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

    describe('runs what a manifest says (000-8)', () => {
      test('details in Python take over from those in TypeScript without a failed request (000-10)', async () => {
        await takesOver('python-details', 'details-python', 'details-v1');
      });

      test.skipIf(!isOnPath('go'))('ratings in Go take over without a failed request (needs Go) (000-10)', async () => {
        await takesOver('go-ratings', 'ratings-go', 'ratings-v1');
      });

      test('an image that nobody mapped is named, with what to do, and everything else runs', async () => {
        await mesh.apply(app('mystery', { image: 'example.com/mystery:2.1' }), app('known'));
        const reason = await eventually(async () => {
          const { reason } = await mesh.workload('mystery');
          expect(reason).toContain('example.com/mystery:2.1');
          return reason;
        });
        expect(reason).toContain('images.json');
        await eventually(async () => expect((await mesh.workload('known')).health).toBe('healthy'));
        expect(await readPage(mesh)).toMatchObject({ status: 200 });
        await mesh.delete('deployments', ['mystery', 'known']);
        await mesh.delete('services', ['mystery', 'known']);
      });

      test('a program that ends is started again, ever later, and its output is kept', async () => {
        await mesh.apply(app('ending', { env: { EXIT_CODE: '3', GREETING: 'a last word' } }));
        await eventually(async () => {
          const { reason, pods } = await mesh.workload('ending');
          expect(reason).toMatch(/CrashLoopBackOff.*code 3/);
          expect(pods[0]?.restarts).toBeGreaterThan(0);
        });
        const { name } = await mesh.pod('ending');
        for (const which of ['', '&previous=true']) {
          const { body } = await mesh.request('GET', `${PATHS.logs}?namespace=default&pod=${name}${which}`);
          expect(body).toContain('listening with a last word');
        }
        await mesh.delete('deployments', ['ending']);
        await mesh.delete('services', ['ending']);
      });

      test('a Service that selects nothing says so', async () => {
        const spec = { selector: { app: 'nobody' }, ports: [{ name: 'http', port: 80 }] };
        await mesh.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'empty' }, spec }));
        await eventually(async () => {
          const service = (await mesh.status()).services.find(({ name }) => name === 'empty');
          expect(service).toMatchObject({ health: 'failing', reason: 'the service selects no pod' });
        });
        await mesh.delete('services', ['empty']);
      });

      test('ConfigMaps, Secrets and empty directories appear where they are mounted, and follow changes', async () => {
        const settings = (colour: string) =>
          JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { colour } });
        const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, stringData: { pin: '2718' } };
        const volumes = {
          volumes: [
            { name: 'settings', configMap: { name: 'settings' } },
            { name: 'keys', secret: { secretName: 'keys' } },
            { name: 'scratch', emptyDir: {} },
          ],
          volumeMounts: [
            { name: 'settings', mountPath: '/etc/settings' },
            { name: 'keys', mountPath: '/var/keys', readOnly: true },
            { name: 'scratch', mountPath: '/tmp' },
          ],
        };
        await mesh.apply(
          settings('green'),
          JSON.stringify(secret),
          app('volumes', volumes),
          app('pyfiles', { ...volumes, image: 'test/files:1' }),
        );
        await eventually(async () => expect(await fromGateway('pyfiles', '/etc/settings/colour')).toBe('200 green'));
        await eventually(async () =>
          expect(await fromGateway('volumes', '/read?path=/etc/settings/colour')).toBe('200 green'),
        );
        expect(await fromGateway('volumes', '/read?path=/var/keys/pin')).toBe('200 2718');
        expect(await fromGateway('volumes', '/write?path=/var/keys/new')).toMatch(/^500 (EROFS|EACCES)$/);
        expect(await fromGateway('volumes', '/write?path=/tmp/note')).toBe('200 ');
        expect(await fromGateway('volumes', '/read?path=/tmp/note')).toBe('200 written');
        await mesh.apply(settings('blue'));
        await eventually(async () =>
          expect(await fromGateway('volumes', '/read?path=/etc/settings/colour')).toBe('200 blue'),
        );
        await mesh.delete('deployments', ['volumes', 'pyfiles']);
        await mesh.delete('services', ['volumes', 'pyfiles']);
      });

      test('endpoints follow readiness (000-31)', async () => {
        const readinessProbe = { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 1, failureThreshold: 1 };
        await mesh.apply(app('moody', { readinessProbe }));
        await eventually(async () => expect(await fromGateway('moody', '/')).toMatch(/^200 hello from moody-/));
        expect(await fromGateway('moody', '/not-ready?ms=4000')).toBe('200 ');
        const ready = async () => {
          const services = (await mesh.status()).services;
          return services.find(({ name }) => name === 'moody')?.endpointsReady;
        };
        await eventually(async () => expect(await ready()).toBe(0));
        await eventually(async () => expect(await fromGateway('moody', '/')).toMatch(/^503 /));
        await eventually(async () => expect(await fromGateway('moody', '/')).toMatch(/^200 /));
        expect(await ready()).toBe(1);
        await mesh.delete('deployments', ['moody']);
        await mesh.delete('services', ['moody']);
      });
    });

    describe('keeps serving while it changes (001-81)', () => {
      test('a rollout under load fails no request', async () => {
        const { name } = await mesh.pod('productpage-v1');
        const changed = await deployment('productpage-v1', ({ template }) => {
          template.metadata.annotations = { ...template.metadata.annotations, 'example.com/turn': 'second' };
        });
        const { failed } = await underLoad(
          () => pageOutcome(mesh),
          async () => {
            await mesh.apply(changed);
            await eventually(async () => {
              expect((await mesh.pod('productpage-v1')).name).not.toBe(name);
              const { health, pods } = await mesh.workload('productpage-v1');
              expect({ health, pods: pods.length }).toEqual({ health: 'healthy', pods: 1 });
            });
          },
        );
        expect(failed).toEqual({});
      });

      test('three replicas and one again, under load, fail no request', async () => {
        const replicas = (count: number) =>
          deployment('reviews-v2', (spec) => {
            spec.replicas = count;
          });
        const { failed } = await underLoad(
          () => pageOutcome(mesh),
          async () => {
            for (const count of [3, 1]) {
              await mesh.apply(await replicas(count));
              await eventually(async () => {
                const { podsReady, pods } = await mesh.workload('reviews-v2');
                expect({ podsReady, pods: pods.length }).toEqual({ podsReady: count, pods: count });
              });
            }
          },
        );
        expect(failed).toEqual({});
      });
    });

    test('a pod without a sidecar reaches the mesh until it is strict, and is reached from it (004-95)', async () => {
      await mesh.apply(
        JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'outside' } }),
        app('plain', { namespace: 'outside' }),
      );
      await eventually(async () => expect((await mesh.workload('plain', 'outside')).health).toBe('healthy'));
      const outside = await mesh.pod('plain', 'outside');
      expect(outside.sidecar).toBeNull();
      expect((await mesh.workload('plain', 'outside')).injected).toBe(false);
      const fromOutside = () => asProgram(mesh, outside.uid, plainRequest('details.default', 9080, '/details/0'));
      await eventually(async () => expect(await fromOutside()).toMatchObject({ status: 200 }));
      const { uid } = await mesh.pod('ratings-v1');
      await eventually(async () =>
        expect(await asProgram(mesh, uid, plainRequest('plain.outside', 8080, '/'))).toMatchObject({ status: 200 }),
      );
      await mesh.apply(await manifest('networking/strict'));
      await eventually(async () => expect(await fromOutside()).not.toMatchObject({ status: 200 }));
      expect(await asProgram(mesh, uid, plainRequest('details.default', 9080, '/details/0'))).toMatchObject({
        status: 200,
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

    async function adsSocketOf(proxyId: string): Promise<string> {
      const { body } = await mesh.request(
        'GET',
        `${PATHS.proxyConfig}?type=bootstrap&proxy=${encodeURIComponent(proxyId)}`,
      );
      const path = /"path":\s*"([^"]*ads\.sock)"/.exec(body)?.[1];
      if (path === undefined) throw new Error(`no ADS socket in ${body}`);
      return path;
    }

    async function injectedFaults(workload: string, what: 'delays' | 'aborts'): Promise<number> {
      const { id } = await mesh.proxy(`default/${workload}`);
      const admin = join(await adsSocketOf(id), '../admin.sock');
      const { body } = await adminRequest(admin, `/stats?filter=fault.${what}_injected`);
      return [...body.matchAll(/: (\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
    }

    async function takesOver(file: string, successor: string, predecessor: string): Promise<void> {
      const { failed } = await underLoad(
        () => pageOutcome(mesh),
        async () => {
          await mesh.apply(await manifest(`languages/${file}`));
          await eventually(async () => expect((await mesh.workload(successor)).health).toBe('healthy'));
          await mesh.delete('deployments', [predecessor]);
          await eventually(async () => expect(mesh.workload(predecessor)).rejects.toThrow('no workload'));
          await eventually(async () => {
            const pods = await mesh.list('pods', 'default');
            expect(pods.filter(({ metadata }) => metadata.name.startsWith(`${predecessor}-`))).toEqual([]);
          });
          // From here on the successor alone answers.
          await pause(1_000);
          await mesh.apply(await deployment(predecessor, () => {}));
          await eventually(async () => expect((await mesh.workload(predecessor)).health).toBe('healthy'));
          await mesh.delete('deployments', [successor]);
        },
      );
      expect(failed).toEqual({});
    }

    async function fromGateway(name: string, path: string): Promise<string> {
      const { status, body } = await send(`${mesh.gateway}${path}`, { headers: { host: `${name}.test` } });
      return `${status} ${body}`;
    }
  },
);

interface AppOptions {
  readonly namespace?: string;
  readonly image?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly readinessProbe?: unknown;
  readonly volumes?: unknown;
  readonly volumeMounts?: unknown;
}

/** A Deployment of one of this folder's programs, its Service, and a way in by the host `<name>.test`. */
function app(name: string, options: AppOptions = {}): string {
  const { namespace = 'default', image = 'test/app:1', env = {}, readinessProbe, volumes, volumeMounts } = options;
  const metadata = { name, namespace };
  const labels = { app: name };
  const container = {
    name,
    image,
    ports: [{ containerPort: 8080 }],
    env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
    ...(readinessProbe === undefined ? {} : { readinessProbe }),
    ...(volumeMounts === undefined ? {} : { volumeMounts }),
  };
  const template = {
    metadata: { labels },
    spec: { containers: [container], ...(volumes === undefined ? {} : { volumes }) },
  };
  const documents: unknown[] = [
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { selector: { matchLabels: labels }, template } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ name: 'http', port: 8080 }] },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: `way-to-${name}`, namespace },
      spec: {
        hosts: [`${name}.test`],
        gateways: ['default/bookinfo-gateway'],
        http: [{ route: [{ destination: { host: name, port: { number: 8080 } } }] }],
      },
    },
  ];
  return documents.map((document) => JSON.stringify(document)).join('\n---\n');
}

import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import {
  type ExportIdentityResponse,
  type IdentityView,
  type ListIdentitiesResponse,
  PATHS,
  type RevokeIdentityResponse,
  type RotationStep,
  type RotationView,
} from '@meshwise/api';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { bookinfoForAll, CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { eventually } from './harness/eventually.ts';
import { inMesh, tlsRequest } from './harness/inside.ts';
import { underLoad } from './harness/load.ts';
import { ROOT } from './harness/machine.ts';
import { peerAuthentication } from './harness/manifests.ts';
import type { TestMesh } from './harness/mesh.ts';
import { pageOutcome } from './harness/page.ts';
import { networking } from './harness/policies.ts';
import { adsSocketOf, sumOfStats } from './harness/stats.ts';

const run = promisify(execFile);
const LIFETIME = 'MESHWISE_WORKLOAD_LIFETIME';
const PRODUCTPAGE = 'spiffe://cluster.local/ns/default/sa/bookinfo-productpage';
const RATINGS = 'spiffe://cluster.local/ns/default/sa/bookinfo-ratings';
const DETAILS = 'default/details-v1';
const CALLED = ['productpage-v1', 'reviews-v1', 'reviews-v2', 'reviews-v3', 'ratings-v1'].map(
  (name) => `default/${name}`,
);
const REFUSED = { error: expect.any(String) };

/**
 * Every request for a page goes to reviews and ratings by connections of their own, so that handshakes happen all the
 * time, and to productpage and details by connections that are kept.
 */
const FRESH_CONNECTIONS = ['reviews', 'ratings'].map((host) =>
  networking('DestinationRule', `fresh-${host}`, {
    host,
    trafficPolicy: { connectionPool: { http: { maxRequestsPerConnection: 1 } } },
  }),
);

describe.skipIf(!CAN_RUN_AS_ROOT)(
  'the identities of a mesh (needs Envoy, root and namespaces)',
  { timeout: 180_000 },
  () => {
    let mesh: TestMesh;
    let detailsIp: string;

    bookinfoForAll((started) => {
      mesh = started;
    });
    beforeAll(async () => {
      await mesh.apply(...FRESH_CONNECTIONS, peerAuthentication('STRICT'));
      detailsIp = (await mesh.pod('details-v1')).ip ?? '';
    });

    const call = async <T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> => {
      const answer = await mesh.request(method, path, body);
      if (answer.status !== 200) throw new Error(answer.body);
      return JSON.parse(answer.body) as T;
    };
    const identities = async () => (await call<ListIdentitiesResponse>('GET', PATHS.identities)).items;
    const identity = async (spiffeId: string): Promise<IdentityView | undefined> =>
      (await identities()).find((one) => one.spiffeId === spiffeId);
    const rotation = () => call<RotationView>('GET', PATHS.identityRotation);
    const exported = (target: string) => call<ExportIdentityResponse>('POST', PATHS.identityExport, { target });
    const revoke = (target: string, forever = false) =>
      call<RevokeIdentityResponse>('POST', PATHS.identityRevoke, { target, forever });
    /** What the sidecar of details answers to whoever presents this certificate. */
    const answerTo = (pair: ExportIdentityResponse) => inMesh(mesh, tlsRequest(detailsIp, 9080, '/details/0', pair));
    const take = async (step: RotationStep) => {
      await call('POST', PATHS.identityRotate, { step });
      await eventually(async () => expect((await rotation()).waitingFor).toEqual([]), 60_000);
    };
    const restart = async () => {
      await mesh.killDaemon();
      await mesh.startDaemon();
      await mesh.untilReady();
    };
    const pages = (action: () => Promise<void>) => underLoad(() => pageOutcome(mesh), action);
    const say = (what: string, total: number, failed: unknown) =>
      console.info(`${what}: ${total} pages, failed: ${JSON.stringify(failed)}`);
    /** Certificates that proxies have refused so far; retries hide them from whoever asks for pages. */
    const refusals = async (...workloads: readonly string[]) => {
      const counts = await Promise.all(
        workloads.map((name) => sumOfStats(mesh, name, 'ssl.fail_verify(_error|_san)$')),
      );
      return counts.reduce((sum, count) => sum + count, 0);
    };
    const handshakes = () => sumOfStats(mesh, 'default/ratings-v1', 'ssl.handshake$');

    test('a step that a proxy has not taken is not followed by the next (000-6)', async () => {
      const { id } = await mesh.proxy('default/details-v1');
      const name = basename(dirname(await adsSocketOf(mesh, id)));
      const { pids } = await mesh.traces();
      const pid = Object.entries(pids).find(([process]) => process.startsWith(`envoy-${name}-e`))?.[1] ?? 0;
      expect(pid).toBeGreaterThan(0);
      process.kill(pid, 'SIGSTOP');
      onTestFinished(() => void process.kill(pid, 'SIGCONT'));
      const { waitingFor } = await call<RotationView>('POST', PATHS.identityRotate, { step: 'introduce' });
      expect(waitingFor.length).toBeGreaterThan(0);
      await eventually(async () => expect((await rotation()).waitingFor).toHaveLength(1));
      const refused = await mesh.request('POST', PATHS.identityRotate, { step: 'switch' });
      expect([refused.status, (JSON.parse(refused.body) as { code: string }).code]).toEqual([409, 'MW4009']);
      expect(refused.body).toContain('details-v1');
      process.kill(pid, 'SIGCONT');
      await eventually(async () => expect((await rotation()).waitingFor).toEqual([]));
    });

    test('the root is exchanged under load without a failed request, over kills of the daemon (000-6, 004-87)', async () => {
      const old = await exported(PRODUCTPAGE);
      expect(await answerTo(old)).toEqual({ status: 200 });
      const { roots: before } = await rotation();
      const [handshakesBefore, refusalsBefore] = [await handshakes(), await refusals(...CALLED, DETAILS)];
      const { failed, total } = await pages(async () => {
        await take('introduce');
        await restart();
        expect((await rotation()).phase).toBe('introduced');
        await take('switch');
        expect(new Set((await identities()).map(({ current }) => current?.root)).size).toBe(1);
        await restart();
        expect((await rotation()).phase).toBe('switched');
        expect(await answerTo(old)).toEqual({ status: 200 });
        await take('retire');
        await restart();
      });
      say('exchange of the root', total, failed);
      expect(failed).toEqual({});
      expect(total).toBeGreaterThan(100);
      expect((await handshakes()) - handshakesBefore).toBeGreaterThan(total / 3);
      expect(await refusals(...CALLED, DETAILS)).toBe(refusalsBefore);

      const { phase, roots } = await rotation();
      expect(phase).toBe('stable');
      expect(roots).toHaveLength(1);
      expect(roots[0]?.id).not.toBe(before.find(({ role }) => role === 'signing')?.id);
      expect(await answerTo(old)).toEqual(REFUSED);
      expect(await answerTo(await exported(PRODUCTPAGE))).toEqual({ status: 200 });
    });

    test('a revoked certificate is refused, and its workload goes on without a failed request (004-86)', async () => {
      const [stolen, good] = [await exported('deploy/productpage-v1'), await exported('deploy/ratings-v1')];
      expect(stolen.spiffeId).toBe(PRODUCTPAGE);
      expect(await answerTo(stolen)).toEqual({ status: 200 });
      const before = await refusals(...CALLED);
      const { failed, total } = await pages(async () => {
        const { revoked, waitingFor } = await revoke('deploy/productpage-v1');
        expect(waitingFor).toEqual([]);
        expect(revoked).toContain(stolen.serialNumber);
        expect(await answerTo(stolen)).toEqual(REFUSED);
        expect(await answerTo(good)).toEqual({ status: 200 });
        await restart();
      });
      say('revocation', total, failed);
      expect(failed).toEqual({});
      expect(await refusals(...CALLED)).toBe(before);
      expect(await answerTo(stolen)).toEqual(REFUSED);
      expect(await answerTo(await exported(PRODUCTPAGE))).toEqual({ status: 200 });
      const view = await identity(PRODUCTPAGE);
      expect(view?.current?.revoked).toBe(false);
      expect(view?.certificates.find(({ serialNumber }) => serialNumber === stolen.serialNumber)?.revoked).toBe(true);
    });

    test('whoever is revoked for good is out, over a restart too, and comes back when readmitted', async () => {
      await revoke(RATINGS, true);
      await eventually(async () => expect(await pageOutcome(mesh)).toBe('no ratings'));
      await restart();
      expect((await identity(RATINGS))?.out).toBe(true);
      expect(await pageOutcome(mesh)).toBe('no ratings');
      const refused = await mesh.request('POST', PATHS.identityExport, { target: RATINGS });
      expect(JSON.parse(refused.body)).toMatchObject({ code: 'MW4010' });
      await call('POST', PATHS.identityReadmit, { target: RATINGS });
      await eventually(async () => expect(await pageOutcome(mesh)).toBe('ok'));
    });

    test('short lives are renewed under load without a failed request (004-85)', async () => {
      process.env[LIFETIME] = '1m';
      onTestFinished(async () => {
        delete process.env[LIFETIME];
      });
      const { failed, total } = await pages(async () => {
        await restart();
        const first = new Map((await identities()).map(({ spiffeId, current }) => [spiffeId, current?.serialNumber]));
        const { workloadLifetimeMs } = await call<ListIdentitiesResponse>('GET', PATHS.identities);
        expect(workloadLifetimeMs).toBe(60_000);
        await eventually(async () => {
          const now = (await identities()).filter(({ current }) => current !== null);
          expect(now.filter(({ spiffeId, current }) => current?.serialNumber === first.get(spiffeId))).toEqual([]);
        }, 60_000);
      });
      say('renewal of short lives', total, failed);
      expect(failed).toEqual({});
    });

    test('the command line lists, shows and exports them, as the workshop has them (004-84)', async () => {
      const cli = (...words: readonly string[]) =>
        run(join(ROOT, 'node_modules/.bin/node'), [join(ROOT, 'apps/cli/bin/meshwise.mjs'), 'identity', ...words], {
          env: { ...process.env, MESHWISE_HOME: mesh.home },
        });
      expect((await cli('list')).stdout).toMatch(
        new RegExp(`^${PRODUCTPAGE} +[0-9a-f]+ .* default/productpage-v1`, 'm'),
      );
      const shown = (await cli('show', 'deploy/productpage-v1')).stdout;
      expect(shown).toContain(`URI:${PRODUCTPAGE}`);
      expect(shown).not.toContain('PRIVATE KEY');
      const certs = join(mesh.directory, 'certs');
      await cli('export', 'deploy/productpage-v1', '--to', certs);
      expect((await stat(join(certs, 'key.pem'))).mode & 0o777).toBe(0o600);
      const [chain, key] = await Promise.all(
        ['cert-chain.pem', 'key.pem'].map((name) => readFile(join(certs, name), 'utf8')),
      );
      const pair = { certificateChainPem: chain ?? '', privateKeyPem: key ?? '' };
      expect(await inMesh(mesh, tlsRequest(detailsIp, 9080, '/details/0', pair))).toEqual({ status: 200 });
      const verified = await run('openssl', [
        'verify',
        '-CAfile',
        join(certs, 'root-cert.pem'),
        '-untrusted',
        join(certs, 'cert-chain.pem'),
        join(certs, 'cert-chain.pem'),
      ]);
      expect(verified.stdout).toContain('OK');
    });
  },
);

import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PATHS } from '@meshwise/api';
import { systemClock } from '@meshwise/core';
import { CertificateAuthority } from '@meshwise/platform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WireClient } from '../../packages/xds/src/testing/wire-client.ts';
import { app } from './harness/app.ts';
import { bookinfoForAll, CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { eventually } from './harness/eventually.ts';
import { send } from './harness/http.ts';
import { asProgram, inMesh, plainRequest, tlsRequest } from './harness/inside.ts';
import { manifest, peerAuthentication } from './harness/manifests.ts';
import type { TestMesh } from './harness/mesh.ts';
import { countStars, readPage } from './harness/page.ts';

describe.skipIf(!CAN_RUN_AS_ROOT)(
  'BookInfo in network namespaces, isolated (needs Envoy, root and namespaces)',
  { timeout: 60_000 },
  () => {
    let mesh: TestMesh;

    bookinfoForAll((started) => {
      mesh = started;
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

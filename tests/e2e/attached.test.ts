import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PATHS } from '@meshwise/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binomialBounds } from './harness/binomial.ts';
import {
  applySample,
  askGateway,
  attach,
  Beside,
  countVersions,
  said,
  untilRunning,
} from './harness/deployment-models.ts';
import { eventually } from './harness/eventually.ts';
import { send } from './harness/http.ts';
import { ENVOY } from './harness/machine.ts';
import { TestMesh } from './harness/mesh.ts';

/** Of the samples' WorkloadGroup. */
const PORT = 18_082;
const TARGET = 'xds:///quotes.default.svc.cluster.local:9090';

describe.skipIf(ENVOY === undefined)(
  'Deployment models whose processes join from outside (X3, needs Envoy)',
  { timeout: 60_000 },
  () => {
    let mesh: TestMesh;
    let directory: string;
    const beside = new Beside();
    const viewOf = async (name: string) =>
      (await mesh.status()).proxies.find(({ workload }) => workload === `default/${name}`);
    const socketOf = (bootstrap: unknown) =>
      /"(?:path":\s*"|server_uri":\s*"unix:)([^"]*ads\.sock)"/.exec(JSON.stringify(bootstrap))?.[1] ?? '';

    beforeAll(async () => {
      directory = await mkdtemp('/tmp/mw-attached-');
      mesh = await TestMesh.start({ capture: 'loopback', sample: 'none' });
      await applySample(
        mesh,
        'proxyless/programs',
        'proxyless/routes',
        'vanilla-envoy/programs',
        'vanilla-envoy/group',
      );
      await untilRunning(mesh, ['quotes-v1', 'quotes-v2', 'warehouse', 'desk']);
    }, 120_000);
    afterAll(async () => {
      await beside.stop();
      await mesh?.dispose();
      await rm(directory, { recursive: true, force: true });
    });

    describe('proxyless gRPC', () => {
      let bootstrapPath: string;

      beforeAll(async () => {
        const { bootstrap } = await attach(mesh, { name: 'reader', kind: 'grpc' });
        bootstrapPath = join(directory, 'xds.json');
        await writeFile(bootstrapPath, JSON.stringify(bootstrap));
      });

      test('obeys the header match of a VirtualService and the subsets of a DestinationRule', async () => {
        expect(await countVersions(bootstrapPath, TARGET, '10', 'end-user=jason')).toEqual({ v2: 10 });
      });

      test('obeys weights', async () => {
        const seen = (await countVersions(bootstrapPath, TARGET, '200')) as { v1: number; v2: number };
        const { low, high } = binomialBounds(200, 0.5);
        expect(seen.v1 + seen.v2).toBe(200);
        expect(seen.v1).toBeGreaterThanOrEqual(low);
        expect(seen.v1).toBeLessThanOrEqual(high);
      });

      test('says that it is plain text, which STRICT services refuse', async () => {
        const { conditions } = await mesh.status();
        const said = conditions.filter(({ object }) => object.name === 'reader').map(({ message }) => message);
        expect(said.join()).toContain('plain text');
        expect(await viewOf('reader')).toMatchObject({ attached: 'grpc', identity: null });
      });
    });

    describe('a vanilla Envoy', () => {
      let bootstrap: unknown;
      const start = async () => {
        const path = join(directory, 'envoy.json');
        await writeFile(path, JSON.stringify(bootstrap), { mode: 0o600 });
        beside.start(ENVOY ?? '', ['-c', path, '--disable-hot-restart', '--concurrency', '1', '--log-level', 'error']);
        await eventually(async () =>
          expect(await viewOf('machine-1')).toMatchObject({ connected: true, synced: true }),
        );
      };

      beforeAll(async () => {
        bootstrap = (await attach(mesh, { name: 'machine-1', kind: 'envoy', workloadGroup: 'machines' })).bootstrap;
        beside.node('service', PORT, { NAME: 'machine', HOST: '127.0.0.1' });
        await start();
      }, 60_000);

      test('is started by the printed bootstrap alone, and has its identity and no other', async () => {
        expect(await viewOf('machine-1')).toMatchObject({
          attached: 'envoy',
          health: 'healthy',
          identity: 'spiffe://cluster.local/ns/default/sa/machine',
        });
        const paths = [...JSON.stringify(bootstrap).matchAll(/"(\/[^"]+)"/g)].map(([, path = '']) => dirname(path));
        expect(new Set(paths)).toEqual(new Set([dirname(socketOf(bootstrap))]));
        expect((await stat(socketOf(bootstrap))).mode & 0o777).toBe(0o600);
        expect((await stat(dirname(socketOf(bootstrap)))).mode & 0o777).toBe(0o700);
      });

      test('calls services of the mesh, and is called by them, by mutual TLS', async () => {
        await applySample(mesh, 'vanilla-envoy/strict');
        await eventually(async () => {
          const answer = await send('http://127.246.0.1:15002/', { headers: { host: 'warehouse.default:8080' } });
          expect(said(answer)).toMatchObject({ service: 'warehouse' });
        });
        await eventually(async () =>
          expect(await askGateway(mesh, 'desk.test')).toMatchObject({
            service: 'desk',
            calls: [{ service: 'machine' }],
          }),
        );
        await eventually(async () => {
          const { calls } = await mesh.status();
          expect(calls).toContainEqual(
            expect.objectContaining({ from: 'default/machine-1', service: 'default/warehouse', mutualTls: true }),
          );
        });
        // Its own port takes mutual TLS only.
        await expect(send(`http://127.246.0.1:${PORT}/`)).rejects.toMatchObject({ code: 'ECONNRESET' });
        await mesh.delete('peerauthentications', ['default']);
      });

      test('is taken up again by the next daemon, with the same bootstrap', async () => {
        await mesh.killDaemon();
        await mesh.startDaemon();
        await eventually(async () =>
          expect(await viewOf('machine-1')).toMatchObject({ connected: true, synced: true }),
        );
        const again = await attach(mesh, { name: 'machine-1', kind: 'envoy', workloadGroup: 'machines' });
        expect(again.bootstrap).toEqual(bootstrap);
      });

      test('is detached with its WorkloadEntry', async () => {
        await mesh.delete('workloadentries', ['machine-1']);
        await eventually(async () => expect(await viewOf('machine-1')).toBeUndefined());
        await expect(stat(socketOf(bootstrap))).rejects.toThrow('ENOENT');
        await eventually(async () =>
          expect(await askGateway(mesh, 'desk.test')).toMatchObject({ calls: [{ error: 503 }] }),
        );
      });
    });

    test('a vanilla Envoy can be a gateway, at the ports it was given', async () => {
      const port = PORT + 1;
      const request = {
        name: 'outer',
        kind: 'envoy',
        role: 'gateway',
        labels: { istio: 'outer' },
        ports: [`80:${port}`],
      };
      const { bootstrap } = await attach(mesh, request);
      const path = join(directory, 'outer.json');
      await writeFile(path, JSON.stringify(bootstrap), { mode: 0o600 });
      beside.start(ENVOY ?? '', ['-c', path, '--disable-hot-restart', '--concurrency', '1', '--log-level', 'error']);
      const server = { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['outer.test'] };
      const route = [{ destination: { host: 'warehouse', port: { number: 8080 } } }];
      await mesh.apply(
        ...[
          { kind: 'Gateway', spec: { selector: { istio: 'outer' }, servers: [server] } },
          { kind: 'VirtualService', spec: { hosts: ['outer.test'], gateways: ['outer'], http: [{ route }] } },
        ].map((one) => JSON.stringify({ apiVersion: 'networking.istio.io/v1', metadata: { name: 'outer' }, ...one })),
      );
      await eventually(async () => {
        const answer = await send(`http://127.0.0.1:${port}/`, { headers: { host: 'outer.test' } });
        expect(said(answer)).toMatchObject({ service: 'warehouse' });
      });
      expect(await viewOf('outer')).toMatchObject({ role: 'gateway', attached: 'envoy', synced: true });
    });

    test('what stands for another process is not taken over', async () => {
      const entry = {
        apiVersion: 'networking.istio.io/v1',
        kind: 'WorkloadEntry',
        metadata: { name: 'other' },
        spec: { address: '127.0.0.1' },
      };
      await mesh.apply(JSON.stringify(entry));
      const { status, body } = await mesh.request('POST', PATHS.proxyAttach, { name: 'other', kind: 'envoy' });
      expect([status, (JSON.parse(body) as { code: string }).code]).toEqual([409, 'MW2005']);
    });
  },
);

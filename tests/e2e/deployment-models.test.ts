import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PATHS } from '@meshwise/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import {
  applySample,
  askGateway,
  attach,
  Beside,
  SAMPLE,
  type Said,
  said,
  untilRunning,
} from './harness/deployment-models.ts';
import { eventually } from './harness/eventually.ts';
import { send } from './harness/http.ts';
import { ENVOY } from './harness/machine.ts';
import { TestMesh } from './harness/mesh.ts';
import { sumOfStats } from './harness/stats.ts';

describe.skipIf(!CAN_RUN_AS_ROOT)(
  'Deployment models (X3, needs Envoy, root and namespaces)',
  { timeout: 60_000 },
  () => {
    let mesh: TestMesh;
    let machine: Server;

    beforeAll(async () => {
      machine = createServer(({ url }, answer) => answer.end(JSON.stringify({ service: 'machine', path: url })));
      await new Promise<void>((resolve) => machine.listen(0, '127.0.0.1', resolve));
      mesh = await TestMesh.start({ capture: 'netns', sample: 'none' });
    }, 90_000);
    afterAll(async () => {
      machine?.close();
      await mesh?.dispose();
    });

    /** Calls between services that the mesh knows of. */
    const seenCalls = async () => (await mesh.status()).calls.map(({ from, service }) => `${from} → ${service}`);
    const sidecars = async () => (await mesh.status()).proxies.filter(({ role }) => role === 'sidecar');

    describe('ingress only (002-72, 004-123)', () => {
      beforeAll(async () => {
        const networking = readFileSync(join(SAMPLE, 'ingress-only/networking.yaml'), 'utf8');
        await applySample(mesh, 'ingress-only/programs');
        await mesh.apply(networking.replace('18081', String((machine.address() as AddressInfo).port)));
        await untilRunning(mesh, ['generator']);
      }, 60_000);

      test('rewrites paths, to programs of the mesh and to machines beside it', async () => {
        await eventually(async () =>
          expect(await askGateway(mesh, 'shop.test', '/pages/a')).toMatchObject({ service: 'generator', path: '/a' }),
        );
        await eventually(async () =>
          expect(await askGateway(mesh, 'shop.test', '/api/v2/b')).toMatchObject({
            service: 'machine',
            path: '/legacy/b',
          }),
        );
      });

      test('watches every service without one sidecar', async () => {
        expect(await sidecars()).toEqual([]);
        await eventually(async () => {
          const { body } = await mesh.request('GET', PATHS.metrics);
          for (const service of ['generator.default.svc.cluster.local', 'api.machines.test']) {
            expect(body.split('\n').some((line) => line.includes(service) && / [1-9][0-9]*$/.test(line))).toBe(true);
          }
        });
      });
    });

    describe('edge proxy (002-76, 004-129)', () => {
      test('works for services as they are, and sees nothing of what they say to each other', async () => {
        await applySample(mesh, 'edge-proxy/edge');
        await untilRunning(mesh, ['front', 'back']);
        await eventually(async () =>
          expect(await askGateway(mesh, 'edge.test')).toMatchObject({
            service: 'front',
            calls: [{ service: 'back', version: 'v1' }],
          }),
        );
        await eventually(async () =>
          expect(await seenCalls()).toContain('istio-system/istio-ingressgateway → default/front'),
        );
        expect((await seenCalls()).filter((call) => call.includes('back'))).toEqual([]);
      });
    });

    describe('router mesh (002-74, 004-127)', () => {
      test('carries every call between services through one proxy', async () => {
        await applySample(mesh, 'router-mesh/router', 'router-mesh/programs', 'router-mesh/routes');
        await untilRunning(mesh, ['router', 'web', 'orders', 'stock']);
        await eventually(async () =>
          expect(await askGateway(mesh, 'router.test')).toMatchObject({
            service: 'web',
            calls: [{ service: 'orders', calls: [{ service: 'stock' }] }, { service: 'stock' }],
          }),
        );
        const routed = () => sumOfStats(mesh, 'default/router', 'cluster\\.outbound.*upstream_rq_total$');
        const before = await routed();
        for (let number = 0; number < 5; number += 1) await askGateway(mesh, 'router.test');
        // web → orders, orders → stock, web → stock: three calls for each request.
        expect((await routed()) - before).toBe(15);
        expect(await sidecars()).toEqual([]);
      });
    });

    describe('proxy per node (002-73, 001-31, 001-82)', () => {
      const app = (node: string) => askGateway(mesh, `app-${node}.test`);
      const works = { calls: [{ service: 'catalogue', version: 'v1' }] };

      test('a node goes dark with its only proxy, and no other node does', async () => {
        await applySample(mesh, 'proxy-per-node/proxies', 'proxy-per-node/programs');
        await untilRunning(mesh, ['node-proxy-a', 'node-proxy-b', 'node-proxy-c', 'app-a', 'app-b', 'app-c']);
        for (const node of ['a', 'b', 'c']) await eventually(async () => expect(await app(node)).toMatchObject(works));
        await applySample(mesh, 'proxy-per-node/node-b-dies');
        await eventually(async () => {
          const dark = (await app('b')) as Said;
          expect(dark.calls?.[0]?.error).toBeDefined();
        });
        for (const node of ['a', 'c']) expect(await app(node)).toMatchObject(works);
      });

      test('everything on a node has the identity of the node', async () => {
        const { identity } = await mesh.proxy('default/node-proxy-a');
        expect(identity).toBe('spiffe://cluster.local/ns/default/sa/node-a');
      });

      test('a node with two proxies lives on with one of them', async () => {
        const [victim] = (await mesh.workload('node-proxy-c')).pods;
        await mesh.delete('pods', [victim?.name ?? '']);
        for (let number = 0; number < 10; number += 1) expect(await app('c')).toMatchObject(works);
      });
    });

    describe('sidecars with a control plane (001-32)', () => {
      const versions = async () => {
        const answers = await Promise.all(['till.test', 'van.test'].map((host) => askGateway(mesh, host)));
        return answers.map((answer) => (typeof answer === 'string' ? answer : answer.calls?.[0]?.version));
      };

      test('one changed resource changes the route of every caller', async () => {
        await applySample(mesh, 'sidecar-with-control-plane/programs', 'sidecar-with-control-plane/depot-v1');
        await untilRunning(mesh, ['depot-v1', 'depot-v2', 'till', 'van']);
        await eventually(async () => expect(await versions()).toEqual(['v1', 'v1']));
        await applySample(mesh, 'sidecar-with-control-plane/depot-v2');
        await eventually(async () => expect(await versions()).toEqual(['v2', 'v2']));
        expect((await sidecars()).length).toBe(4);
        await eventually(async () => expect(await seenCalls()).toContain('default/till → default/depot'));
      });
    });

    describe('a vanilla Envoy where pods have a network of their own (001-84)', () => {
      const beside = new Beside();
      const directory = mkdtempSync('/tmp/mw-joined-');
      afterAll(async () => {
        await beside.stop();
        rmSync(directory, { recursive: true, force: true });
      });

      test('joins in that network, as the advice says, and is called there', async () => {
        await applySample(mesh, 'vanilla-envoy/programs', 'vanilla-envoy/group');
        const request = { name: 'machine-1', kind: 'envoy', workloadGroup: 'machines' };
        const { bootstrap, advice } = await attach(mesh, request);
        const enter = /nsenter (--target \d+ --net --mount) /.exec(advice.join(' '))?.[1]?.split(' ') ?? [];
        expect(enter).toHaveLength(4);
        const { conditions } = await mesh.status();
        const said = conditions.find(({ object }) => object.name === 'machine-1');
        expect(said?.message).toContain("in the mesh's own network");
        const path = join(directory, 'envoy.json');
        writeFileSync(path, JSON.stringify(bootstrap), { mode: 0o600 });
        beside.start('nsenter', [...enter, ENVOY ?? '', '-c', path, '--disable-hot-restart', '--log-level', 'error']);
        const program = [process.execPath, join(SAMPLE, 'programs/service.mjs'), '18082'];
        beside.start('nsenter', [...enter, ...program], { NAME: 'machine', HOST: '127.0.0.1' });
        await untilRunning(mesh, ['desk']);
        await eventually(async () =>
          expect(await askGateway(mesh, 'desk.test')).toMatchObject({
            service: 'desk',
            calls: [{ service: 'machine' }],
          }),
        );
        // From the mesh's side it is one of the mesh, and not something on this machine.
        await eventually(async () => expect(await seenCalls()).toContain('default/desk → default/machine'));
        await mesh.delete('workloadentries', ['machine-1']);
      });
    });
  },
);

describe.skipIf(ENVOY === undefined)('Sidecar fabric (X3, 002-75, 004-128, needs Envoy)', { timeout: 60_000 }, () => {
  const beside = new Beside();
  const directory = mkdtempSync('/tmp/mw-fabric-');
  const ask = async () => said(await send('http://127.247.0.2:18080/'));
  const versionsSeen = (answer: Said | string): readonly string[] => {
    if (typeof answer === 'string') return [answer];
    const below = (answer.calls ?? []).flatMap(versionsSeen);
    return answer.service === 'stock' ? [answer.version ?? '', ...below] : below;
  };
  const envoys = new Map<string, ReturnType<Beside['start']>>();
  const startEnvoy = async (name: string) => {
    const old = envoys.get(name);
    if (old !== undefined) await beside.end(old);
    const flags = ['--disable-hot-restart', '--concurrency', '1', '--log-level', 'error'];
    envoys.set(name, beside.start(ENVOY ?? '', ['-c', join(directory, `${name}.json`), ...flags]));
  };

  beforeAll(async () => {
    cpSync(join(SAMPLE, 'sidecar-fabric'), directory, { recursive: true });
    const program = (number: number, name: string, calls: readonly string[], version = 'v1') =>
      beside.node('service', 8080, {
        HOST: `127.248.0.${number}`,
        NAME: name,
        VERSION: version,
        CALLS: calls.join(','),
        VIA: `127.247.0.${number}:18001`,
      });
    program(2, 'web', ['orders', 'mail', 'stock']);
    program(3, 'orders', ['stock']);
    program(4, 'mail', ['stock']);
    program(5, 'stock', []);
    program(6, 'stock', [], 'v2');
    for (const name of ['web', 'orders', 'mail', 'stock']) await startEnvoy(name);
  });
  afterAll(async () => {
    await beside.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  test('works without a control plane', async () => {
    await eventually(async () => expect(versionsSeen(await ask())).toEqual(['v1', 'v1', 'v1']));
  });

  test('a route that changes takes an edit of every file that has it; those that were forgotten go on as before', async () => {
    const names = readdirSync(directory).filter((file) => file.endsWith('.json'));
    const holding = names.filter((file) => readFileSync(join(directory, file), 'utf8').includes('"name": "stock"'));
    expect(holding).toEqual(['mail.json', 'orders.json', 'web.json']);
    const edit = async (file: string) => {
      const path = join(directory, file);
      // From the sidecar of stock to a second version of it.
      const moved = readFileSync(path, 'utf8').replace(
        /127\.247\.0\.5",\s*"port_value": 18080/,
        '127.248.0.6", "port_value": 8080',
      );
      writeFileSync(path, moved);
      await startEnvoy(file.replace('.json', ''));
    };
    await edit('orders.json');
    await eventually(async () => expect(versionsSeen(await ask())).toEqual(['v2', 'v1', 'v1']));
    await edit('mail.json');
    await edit('web.json');
    await eventually(async () => expect(versionsSeen(await ask())).toEqual(['v2', 'v2', 'v2']));
  });
});

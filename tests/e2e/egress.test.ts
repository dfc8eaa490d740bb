import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PATHS } from '@meshwise/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bookinfoForAll, CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { eventually } from './harness/eventually.ts';
import { asProgram, plainRequest } from './harness/inside.ts';
import { isOnPath } from './harness/machine.ts';
import type { TestMesh } from './harness/mesh.ts';

const NETWORKING = 'networking.istio.io/v1';

describe.skipIf(!CAN_RUN_AS_ROOT || !isOnPath('openssl'))(
  'Traffic that leaves the mesh (needs Envoy, root, namespaces and openssl)',
  { timeout: 60_000 },
  () => {
    let mesh: TestMesh;
    let plain: Server;
    let encrypted: Server;
    const portOf = (server: Server) => (server.address() as AddressInfo).port;

    bookinfoForAll((started) => {
      mesh = started;
    });
    beforeAll(async () => {
      // What lies outside: servers of this machine, in its own network, of which the mesh is told nothing.
      const tell = (text: string) => (request: IncomingMessage, response: ServerResponse) =>
        response.end(JSON.stringify({ text, url: request.url, headers: request.headers }));
      plain = createServer(tell('plain'));
      encrypted = createTlsServer(selfSigned('*.outside.test'), tell('encrypted')) as unknown as Server;
      for (const server of [plain, encrypted])
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => {
      plain?.close();
      encrypted?.close();
    });

    const apply = (...documents: readonly object[]) =>
      mesh.apply(documents.map((one) => JSON.stringify(one)).join('\n---\n'));
    const entry = (name: string, spec: object) => ({
      apiVersion: NETWORKING,
      kind: 'ServiceEntry',
      metadata: { name },
      spec,
    });
    /** As the program of productpage would: with its user, in its namespaces. */
    const ask = async (script: string) => asProgram(mesh, (await mesh.pod('ratings-v1')).uid, script);
    const get = (host: string, port: number, path = '/') => ask(plainRequest(host, port, path));
    const answers = async (host: string, port: number, expected: object) =>
      eventually(async () => expect(await get(host, port)).toMatchObject(expected));

    test('a ServiceEntry lets programs call a server outside by its name over HTTP (001-58)', async () => {
      const before = (await get('api.outside.test', 80)) as { error?: string };
      expect(before.error).toBe('ENOTFOUND');
      await apply(
        entry('api', {
          hosts: ['api.outside.test'],
          ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
          resolution: 'STATIC',
          endpoints: [{ address: '127.0.0.1', ports: { http: portOf(plain) } }],
        }),
      );
      await answers('api.outside.test', 80, { status: 200 });
      const { body } = (await get('api.outside.test', 80, '/x')) as { body: string };
      const seen = JSON.parse(body) as { text: string; url: string; headers: Record<string, string> };
      expect(seen).toMatchObject({ text: 'plain', url: '/x', headers: { host: 'api.outside.test' } });
      // Who is outside learns nothing of identities.
      expect(seen.headers['x-forwarded-client-cert']).toBeUndefined();
    });

    test('names of endpoints are resolved as this machine resolves them', async () => {
      await apply(
        entry('named', {
          hosts: ['named.outside.test'],
          ports: [{ number: 80, name: 'http', protocol: 'HTTP', targetPort: portOf(plain) }],
          resolution: 'DNS',
          endpoints: [{ address: 'localhost' }],
        }),
      );
      await answers('named.outside.test', 80, { status: 200 });
    });

    test('TLS of programs passes through by its server name', async () => {
      await apply(
        entry('tls', {
          hosts: ['secure.outside.test'],
          ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
          resolution: 'STATIC',
          endpoints: [{ address: '127.0.0.1', ports: { tls: portOf(encrypted) } }],
        }),
      );
      const script = (host: string) => `
        require('node:https').get('https://${host}/', { rejectUnauthorized: false, agent: false, timeout: 8000 }, (r) => {
          const name = r.socket.getPeerCertificate().subject.CN; r.resume();
          r.on('end', () => console.log(JSON.stringify({ status: r.statusCode, name })));
        }).on('error', (e) => console.log(JSON.stringify({ error: e.code })));`;
      await eventually(async () =>
        expect(await ask(script('secure.outside.test'))).toEqual({ status: 200, name: '*.outside.test' }),
      );
    });

    test("nobody reaches this machine's loopback or link-local services without a ServiceEntry", async () => {
      const port = portOf(plain);
      const connect = (address: string, at: number) => `
        const s = require('node:net').connect(${at}, '${address}'); let said = '';
        s.write('GET / HTTP/1.1\\r\\nhost: ${address}\\r\\nconnection: close\\r\\n\\r\\n');
        s.on('data', (d) => { said += d; }); s.on('error', (e) => console.log(JSON.stringify(e.code)));
        s.on('close', (bad) => bad || console.log(JSON.stringify(said.slice(0, 12))));`;
      expect(await ask(connect('127.0.0.1', port))).toBe('ECONNREFUSED');
      expect(await ask(connect('0.0.0.0', port))).toBe('ECONNREFUSED');
      // The address that cloud providers serve credentials at, at a port of HTTP and at another one.
      expect(await ask(connect('169.254.169.254', 80))).toBe('HTTP/1.1 502');
      expect(['', 'ECONNRESET']).toContain(await ask(connect('169.254.169.254', port)));
      // The ranges of the mesh mean something else out there.
      expect(['', 'ECONNRESET']).toContain(await ask(connect('10.244.255.250', port)));
    });

    test('REGISTRY_ONLY refuses hosts that no resource names and says so with 502', async () => {
      const sidecar = (mode: string) => ({
        apiVersion: NETWORKING,
        kind: 'Sidecar',
        metadata: { name: 'default' },
        spec: { outboundTrafficPolicy: { mode } },
      });
      const unknown = `require('node:http').get({ host: 'details', port: 9080, path: '/', headers: { host: 'unknown.test' } },
        (r) => { r.resume(); console.log(JSON.stringify(r.statusCode)); }).on('error', (e) => console.log(JSON.stringify(e.code)));`;
      const routes = async () => {
        const { id } = await mesh.proxy('default/ratings-v1');
        return (await mesh.request('GET', `${PATHS.proxyConfig}?type=routes&proxy=${encodeURIComponent(id)}`)).body;
      };
      // Istio's default, which holds when nobody says anything.
      expect(await routes()).toContain('allow_any');
      await apply(sidecar('REGISTRY_ONLY'));
      await eventually(async () => expect(await routes()).toContain('block_all'));
      expect(await routes()).not.toContain('allow_any');
      expect(await ask(unknown)).toBe(502);
      await answers('api.outside.test', 80, { status: 200 });
      await mesh.delete('sidecars', ['default']);
    });

    test('a WorkloadEntry stands for a process outside, selected as pods are', async () => {
      await apply(
        {
          apiVersion: NETWORKING,
          kind: 'WorkloadEntry',
          metadata: { name: 'machine' },
          spec: { address: '127.0.0.1', labels: { app: 'machine' }, ports: { http: portOf(plain) } },
        },
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'machine' },
          spec: { selector: { app: 'machine' }, ports: [{ name: 'http', port: 8000 }] },
        },
      );
      await answers('machine', 8000, { status: 200 });
    });

    test('an egress gateway that an ordinary manifest deploys takes what leaves (001-59)', async () => {
      const labels = { app: 'istio-egressgateway', istio: 'egressgateway' };
      const metadata = { name: 'istio-egressgateway', namespace: 'istio-system', labels };
      await apply(
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata,
          spec: {
            selector: { matchLabels: labels },
            template: {
              metadata: {
                labels: { ...labels, 'sidecar.istio.io/inject': 'true' },
                annotations: { 'inject.istio.io/templates': 'gateway' },
              },
              spec: { containers: [{ name: 'istio-proxy', image: 'auto' }] },
            },
          },
        },
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata,
          spec: { selector: labels, ports: [{ name: 'http2', port: 80, targetPort: 8080 }] },
        },
        {
          apiVersion: NETWORKING,
          kind: 'Gateway',
          metadata: { name: 'egress' },
          spec: {
            selector: { istio: 'egressgateway' },
            servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['api.outside.test'] }],
          },
        },
        {
          apiVersion: NETWORKING,
          kind: 'DestinationRule',
          metadata: { name: 'egress' },
          spec: { host: 'istio-egressgateway.istio-system.svc.cluster.local', subsets: [{ name: 'api' }] },
        },
        {
          apiVersion: NETWORKING,
          kind: 'VirtualService',
          metadata: { name: 'by-egress' },
          spec: {
            hosts: ['api.outside.test'],
            gateways: ['egress', 'mesh'],
            http: [
              {
                match: [{ gateways: ['mesh'], port: 80 }],
                route: [
                  {
                    destination: {
                      host: 'istio-egressgateway.istio-system.svc.cluster.local',
                      subset: 'api',
                      port: { number: 80 },
                    },
                  },
                ],
              },
              {
                match: [{ gateways: ['egress'], port: 80 }],
                route: [{ destination: { host: 'api.outside.test', port: { number: 80 } } }],
                headers: { request: { set: { 'x-way': 'egress' } } },
              },
            ],
          },
        },
      );
      await eventually(async () => {
        const { body } = (await get('api.outside.test', 80)) as { body: string };
        expect((JSON.parse(body) as { headers: object }).headers).toMatchObject({ 'x-way': 'egress' });
      }, 45_000);
    });
  },
);

function selfSigned(name: string): { key: Buffer; cert: Buffer } {
  const directory = mkdtempSync('/tmp/mw-cert-');
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  execFileSync('openssl', ['req', '-x509', ...curve, '-nodes', '-keyout', key, '-out', cert, '-subj', `/CN=${name}`], {
    stdio: 'ignore',
  });
  const pair = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(directory, { recursive: true });
  return pair;
}

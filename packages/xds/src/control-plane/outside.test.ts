import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServedWorkload } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { outsideOf } from '../envoy/outside.ts';
import { PublicAuthority } from './testing/certificates.ts';
import { ENVOY, type RunningEnvoy } from './testing/envoy.ts';
import { eventually } from './testing/http.ts';
import { canMakeNamespaces, Namespaces } from './testing/namespaces.ts';
import {
  clusterName,
  clusterPlan,
  endpointPlan,
  forwardRoute,
  inboundPort,
  loopbackWorkload,
  origin,
  sidecar,
  virtualHostPlan,
} from './testing/plans.ts';
import { TestMesh } from './testing/test-mesh.ts';

const UNUSED_SUBNET = 91;
/** A range for documents (RFC 5737), which here has a world of its own. */
const WORLD = '192.0.2.0/24';
const SOMEWHERE = '192.0.2.5';
const VIP = '10.96.0.20';
const PORT = 9080;

/** Takes every connection that is made in its namespace: a redirect leads them here, as it leads those of pods to a proxy. */
const WORLD_PROGRAM = `
  require('node:net').createServer((s) => {
    s.on('error', () => {});
    s.once('data', (d) => {
      const said = d.toString();
      const body = JSON.stringify({ world: true, host: /host: (.*)/i.exec(said)?.[1]?.trim() ?? null });
      s.end(said.startsWith('GET') ? 'HTTP/1.1 200 OK\\r\\ncontent-length: ' + body.length + '\\r\\nconnection: close\\r\\n\\r\\n' + body
        : d[0] === 22 ? 'tls' : 'world ' + said);
    });
  }).listen(15001, () => console.log('ready'));`;
const HTTP_PROGRAM = (at: string) =>
  `require('node:http').createServer((q, r) => r.end('${at.includes('/') ? 'socket' : at}')).listen(${at.includes('/') ? `'${at}'` : at}, () => console.log('ready'));`;

describe.skipIf(ENVOY === undefined || !canMakeNamespaces())('what lies outside the mesh (001-58)', () => {
  let mesh: TestMesh;
  let namespaces: Namespaces;
  let netns: string;
  let web: RunningEnvoy;

  const ask = (source: string) => namespaces.ask(netns, source);
  const get = (address: string, host: string, port = PORT) =>
    ask(`require('node:http').get({ host: '${address}', port: ${port}, headers: { host: '${host}' }, agent: false }, (r) => {
        let body = ''; r.on('data', (d) => { body += d; }); r.on('end', () => console.log(JSON.stringify([r.statusCode, body])));
      }).on('error', (e) => console.log(JSON.stringify(e.code)))`);
  const talk = (address: string, port: number, bytes = "'hello'") =>
    ask(`let said = ''; const s = require('node:net').connect(${port}, '${address}');
       s.on('data', (d) => { said += d; }); s.write(${bytes}); s.on('error', () => {});
       s.on('close', () => console.log(JSON.stringify(said)))`);
  const world = (host: string) => [200, JSON.stringify({ world: true, host })];
  const api = virtualHostPlan('api', PORT, [forwardRoute([clusterName('api', PORT), 1])]);

  beforeAll(async () => {
    mesh = await TestMesh.start(UNUSED_SUBNET, (directory) =>
      outsideOf({
        networkNamespacePath: join(directory, 'netns', 'world'),
        ownRanges: ['10.244.0.0/16', '10.96.0.0/16'],
        resolver: { address: '127.0.0.1', port: 15_053 },
      }),
    );
    namespaces = await Namespaces.make(mesh.directory);
    await namespaces.answerNames('127.0.0.1', 15_053);
    await namespaces.startProgram(await namespaces.addPod('world', WORLD), WORLD_PROGRAM);
    netns = await namespaces.addPod('web', '0.0.0.0/0');
    const bare = loopbackWorkload({
      name: 'web',
      podIp: '10.244.0.7',
      programIp: '127.0.0.1',
      tunnelSocketPath: mesh.path('web.tunnel'),
    });
    const workload: ServedWorkload = {
      ...bare,
      placement: { ...bare.placement, capture: 'netns', networkNamespacePath: netns },
    };
    const proxy = sidecar(workload);
    if (proxy.identity !== undefined) await mesh.authority.issue(proxy.identity);
    const socketPath = mesh.path('app.sock');
    const files = { certificateChain: mesh.path('chain.pem'), privateKey: mesh.path('key.pem') };
    const authority = await PublicAuthority.create();
    const { certificateChainPem, privateKeyPem } = await authority.issue('app.example.com');
    await writeFile(files.certificateChain, certificateChainPem);
    await writeFile(files.privateKey, privateKeyPem);
    await writeFile(mesh.path('ca.pem'), authority.caPem);
    mesh.model.inbounds.set(proxy.id, [
      {
        workload,
        ports: [
          inboundPort(8080, { mutualTls: 'disable', endpoint: { address: '127.0.0.1', port: 8081 } }),
          inboundPort(8090, { mutualTls: 'disable', endpoint: { socketPath } }),
          inboundPort(8443, {
            mutualTls: 'disable',
            endpoint: { address: '127.0.0.1', port: 8081 },
            tls: { credentials: [{ kind: 'files', ...files }], clientCertificate: 'none' },
          }),
        ],
      },
    ]);
    for (const at of ['8081', socketPath]) await namespaces.startProgram(netns, HTTP_PROGRAM(at));
    mesh.setOutbound({
      httpPorts: [
        { port: PORT, virtualHosts: [api] },
        { port: 7000, bind: { address: '127.0.0.1', port: 7000 }, virtualHosts: [api] },
        { port: 0, routeName: 'unix://bound', bind: { socketPath: mesh.path('bound.sock') }, virtualHosts: [api] },
      ],
      tcpListeners: [
        {
          address: '0.0.0.0',
          port: 443,
          destinations: [],
          chains: [
            {
              serverNames: ['api.example.com'],
              destinations: [{ cluster: clusterName('api', PORT), weight: 1 }],
              origin: origin(),
            },
          ],
          origin: origin(),
        },
        {
          address: '127.0.0.1',
          port: 7001,
          isBound: true,
          destinations: [{ cluster: clusterName('api', PORT), weight: 1 }],
          origin: origin(),
        },
      ],
      clusters: [clusterPlan('api', PORT, { tls: { mode: 'plain' }, isExternal: true })],
      endpoints: [
        { cluster: clusterName('api', PORT), endpoints: [endpointPlan('192.0.2.9', 80, { mutualTls: false })] },
      ],
      dns: [{ name: 'api.example.com', addresses: [VIP] }],
      unknownDestinations: 'pass-through',
    });
    web = await mesh.addProxy(proxy, 'web', (argv) => namespaces.proxyCommand(argv));
  });
  afterAll(async () => {
    await mesh?.stop();
    namespaces?.stop();
    expect(mesh.rejections).toEqual([]);
  });

  test('external clusters are reached from the network that has a way out', async () => {
    expect(await get(VIP, `api:${PORT}`)).toEqual(world(`api:${PORT}`));
  });

  test('unknown destinations are passed on to where they were sent, bytes and HTTP', async () => {
    expect(await talk(SOMEWHERE, 4444)).toBe('world hello');
    expect(await get(SOMEWHERE, 'unknown.example')).toEqual(world('unknown.example'));
    const clusters = await web.admin('/clusters');
    expect(clusters).toContain(`PassthroughCluster::${SOMEWHERE}:4444::`);
    expect(clusters).toContain(`PassthroughCluster::${SOMEWHERE}:${PORT}::`);
  });

  test.each(['169.254.169.254', '10.96.7.7', '10.244.3.3', '0.1.2.3'])('but not to %s', async (address) => {
    expect(await talk(address, 4444)).toBe('');
    expect(await get(address, 'unknown.example')).toEqual([502, '']);
    // What a resource names is served at any address.
    expect(await get(address, `api:${PORT}`)).toEqual(world(`api:${PORT}`));
  });

  test('TLS goes where its server name says, and to where it was sent when nobody has the name', async () => {
    const hello = (name: string) =>
      ask(`let said = ''; const raw = require('node:net').connect(443, '${SOMEWHERE}');
        raw.on('data', (d) => { said += d; }); raw.on('error', () => {}); raw.on('close', () => console.log(JSON.stringify(said)));
        const pair = require('node:tls').connect({ socket: new (require('node:stream').Duplex)({
          read() {}, write(chunk, _, done) { raw.write(chunk, done); } }), servername: '${name}' });
        pair.on('error', () => {});`);
    expect(await hello('api.example.com')).toBe('tls');
    expect(await hello('unknown.example')).toBe('tls');
    const clusters = await web.admin('/clusters');
    expect(clusters).toMatch(/outbound\|9080\|\|api.*::192\.0\.2\.9:80::cx_total::[1-9]/);
    expect(clusters).toContain(`PassthroughCluster::${SOMEWHERE}:443::`);
  });

  test('Sidecar egress.bind: listeners are called by their address, or as a socket', async () => {
    expect(await get('127.0.0.1', `api:${PORT}`, 7000)).toEqual(world(`api:${PORT}`));
    expect(await talk('127.0.0.1', 7001)).toBe('world hello');
    const bySocket = `require('node:http').get({ socketPath: '${mesh.path('bound.sock')}', headers: { host: 'api:${PORT}' } },
      (r) => { r.resume(); console.log(JSON.stringify(r.statusCode)); }).on('error', (e) => console.log(JSON.stringify(e.code)))`;
    expect(await ask(bySocket)).toBe(200);
  });

  test('Sidecar ingress.defaultEndpoint: a program is called where it says that it listens', async () => {
    const inMesh = (port: number) =>
      namespaces.askInMesh(`require('node:http').get({ host: '10.244.0.7', port: ${port}, agent: false }, (r) => {
        let body = ''; r.on('data', (d) => { body += d; }); r.on('end', () => console.log(JSON.stringify(body))); })`);
    expect(await inMesh(8080)).toBe('8081');
    expect(await inMesh(8090)).toBe('socket');
  });

  test('Sidecar ingress.tls: TLS of clients outside the mesh ends at the port, with certificates of the user’s', async () => {
    const call = `require('node:https').get({ host: '10.244.0.7', port: 8443, servername: 'app.example.com', agent: false,
        ca: require('node:fs').readFileSync('${mesh.path('ca.pem')}') }, (r) => {
        let body = ''; r.on('data', (d) => { body += d; }); r.on('end', () => console.log(JSON.stringify(body)));
      }).on('error', (e) => console.log(JSON.stringify(e.code)))`;
    expect(await namespaces.askInMesh(call)).toBe('8081');
  });

  test('names that are not the mesh’s are answered as this machine answers them', async () => {
    const resolve = (name: string) =>
      ask(`const r = new (require('node:dns').promises.Resolver)({ timeout: 2000, tries: 2 }); r.setServers(['10.96.0.10']);
       r.resolve4('${name}').then((a) => console.log(JSON.stringify(a)), (e) => console.log(JSON.stringify(e.code)))`);
    expect(await resolve('api.example.com')).toEqual([VIP]);
    expect(await resolve('localhost')).toEqual(['127.0.0.1']);
    expect(await resolve('gone.default.svc.cluster.local')).toBe('ENOTFOUND');
  });

  test('Sidecar outboundTrafficPolicy.mode REGISTRY_ONLY: nothing is passed on where unknown destinations are refused', async () => {
    mesh.setOutbound({ unknownDestinations: 'refuse' });
    await eventually(async () => expect(await get(SOMEWHERE, 'unknown.example')).toEqual([502, '']));
    await eventually(async () => expect(await talk(SOMEWHERE, 4444)).toBe(''));
    await eventually(async () => expect(await talk(SOMEWHERE, 443)).toBe(''));
    expect(await get(SOMEWHERE, `api:${PORT}`)).toEqual(world(`api:${PORT}`));
  });

  test('Sidecar outboundTrafficPolicy.egressProxy: or everything through a cluster that it names', async () => {
    mesh.setOutbound({ unknownDestinations: 'pass-through', unknownDestinationsCluster: clusterName('api', PORT) });
    await eventually(async () => expect(await talk('169.254.169.254', 4444)).toBe('world hello'));
    await eventually(async () => expect(await get('10.96.7.7', 'unknown.example')).toEqual(world('unknown.example')));
  });
});

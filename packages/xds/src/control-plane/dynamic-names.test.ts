import { join } from 'node:path';
import type { ClusterPlan, ProxyDescriptor, ServedWorkload } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { outsideOf } from '../envoy/outside.ts';
import { ENVOY, type RunningEnvoy } from './testing/envoy.ts';
import { eventually } from './testing/http.ts';
import { canMakeNamespaces, Namespaces } from './testing/namespaces.ts';
import {
  clusterName,
  clusterPlan,
  forwardRoute,
  loopbackWorkload,
  origin,
  sidecar,
  virtualHostPlan,
} from './testing/plans.ts';
import { TestMesh } from './testing/test-mesh.ts';

const UNUSED_SUBNET = 92;
const WORLD = '192.0.2.0/24';
/** Where programs send their requests; what the request names decides. */
const ANYWHERE = '192.0.2.77';
const PORT = 80;
/** Every address of the world is answered here, the machine's own loopback too. */
const EVERYWHERE = 15_001;

const WORLD_PROGRAM = `
  require('node:net').createServer((s) => {
    s.on('error', () => {});
    s.once('data', (d) => {
      const host = /host: (.*)/i.exec(d.toString())?.[1]?.trim();
      s.end(d[0] === 22 ? 'tls' : 'HTTP/1.1 200 OK\\r\\ncontent-length: ' + host.length + '\\r\\nconnection: close\\r\\n\\r\\n' + host);
    });
  }).listen(${EVERYWHERE}, () => console.log('ready'));`;

/** Names are those of the labels: `a-192-0-2-5-127-0-0-1.example.com` has two addresses. */
const NAME_SERVER = `
  const server = require('node:dgram').createSocket('udp4');
  server.on('message', (query, { address, port }) => {
    const labels = []; let at = 12;
    while (query[at] !== 0) { labels.push(query.subarray(at + 1, at + 1 + query[at]).toString()); at += query[at] + 1; }
    const octets = (labels[0].match(/[0-9]+/g) ?? []).map(Number);
    const isA = query.readUInt16BE(at + 1) === 1;
    const records = [];
    for (let i = 0; isA && i + 4 <= octets.length; i += 4)
      records.push(Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...octets.slice(i, i + 4)]));
    const head = Buffer.from([query[0], query[1], 0x80 | (query[2] & 1), 0x80, 0, 1, 0, records.length, 0, 0, 0, 0]);
    server.send(Buffer.concat([head, query.subarray(12, at + 5), ...records]), port, address);
  });
  server.bind(15053, '127.0.0.1', () => console.log('ready'));`;

describe.skipIf(ENVOY === undefined || !canMakeNamespaces())('ServiceEntry resolution DYNAMIC_DNS (001-58)', () => {
  let mesh: TestMesh;
  let namespaces: Namespaces;
  let netns: string;
  let web: RunningEnvoy;
  let proxy: ProxyDescriptor;

  const get = (host: string) =>
    namespaces.ask(
      netns,
      `require('node:http').get({ host: '${ANYWHERE}', port: ${PORT}, headers: { host: '${host}' }, agent: false }, (r) => {
        let body = ''; r.on('data', (d) => { body += d; }); r.on('end', () => console.log(JSON.stringify([r.statusCode, body])));
      }).on('error', (e) => console.log(JSON.stringify(e.code)))`,
    );
  const hello = (name: string, port: number) =>
    namespaces.ask(
      netns,
      `let said = ''; const raw = require('node:net').connect(${port}, '${ANYWHERE}');
        raw.on('data', (d) => { said += d; }); raw.on('error', () => {}); raw.on('close', () => console.log(JSON.stringify(said)));
        const pair = require('node:tls').connect({ socket: new (require('node:stream').Duplex)({
          read() {}, write(chunk, _, done) { raw.write(chunk, done); } }), servername: '${name}' });
        pair.on('error', () => {});`,
    );
  const dynamic = (port: number, protocol: 'http' | 'tls') =>
    clusterPlan('any', port, { tls: { mode: 'plain' }, isExternal: true, discovery: 'dynamic-dns', protocol });
  const bytes = (port: number) => ({
    address: '0.0.0.0',
    port,
    destinations: [],
    chains: [
      {
        serverNames: ['*.example.com'],
        resolvesServerNameAt: port,
        destinations: [{ cluster: clusterName('any', port), weight: 1 }],
        origin: origin(),
      },
    ],
    origin: origin(),
  });

  beforeAll(async () => {
    mesh = await TestMesh.start(UNUSED_SUBNET, (directory) =>
      outsideOf({
        networkNamespacePath: join(directory, 'netns', 'world'),
        ownRanges: ['10.244.0.0/16', '10.96.0.0/16'],
        resolver: { address: '127.0.0.1', port: 15_053 },
      }),
    );
    namespaces = await Namespaces.make(mesh.directory);
    await namespaces.startProgram(undefined, NAME_SERVER);
    await namespaces.startProgram(await namespaces.addPod('world', WORLD, '169.254.0.0/16'), WORLD_PROGRAM);
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
    proxy = sidecar(workload);
    if (proxy.identity !== undefined) await mesh.authority.issue(proxy.identity);
    const everything = virtualHostPlan('any', PORT, [forwardRoute([clusterName('any', PORT), 1])]);
    mesh.setOutbound({
      httpPorts: [{ port: PORT, virtualHosts: [{ ...everything, domains: ['*'] }] }],
      tcpListeners: [bytes(443), bytes(EVERYWHERE)],
      clusters: [dynamic(PORT, 'http'), dynamic(443, 'tls'), dynamic(EVERYWHERE, 'tls')],
      endpoints: [],
    });
    web = await mesh.addProxy(proxy, 'web', (argv) => namespaces.proxyCommand(argv));
  });
  afterAll(async () => {
    await mesh?.stop();
    namespaces?.stop();
    expect(mesh?.rejections).toEqual([]);
  });

  test('each request goes where its host leads, at its port', async () => {
    for (const host of ['a-192-0-2-5.example.com', `b-192-0-2-6.example.com:${EVERYWHERE}`]) {
      expect(await get(host)).toEqual([200, host]);
    }
    const clusters = await web.admin('/clusters');
    expect(clusters).toContain('::192.0.2.5:80::');
    expect(clusters).toContain(`::192.0.2.6:${EVERYWHERE}::`);
  });

  test.each([
    'c-127-0-0-1.example.com',
    'c-0-0-0-0.example.com',
    'c-169-254-169-254.example.com',
    'c-10-244-0-9.example.com',
    'localhost',
    'c.localhost',
    '127.0.0.1',
    '0.0.0.0',
    '127.1',
    '2130706433',
    '[::1]',
    '[::ffff:127.0.0.1]',
  ])('but not to the machine itself, or to what else nobody is passed on to: %s', async (host) => {
    expect(await get(`${host}:${EVERYWHERE}`)).toEqual([503, expect.any(String)]);
  });

  test('of several addresses the refused ones are left out', async () => {
    const host = `d-127-0-0-1-192-0-2-8.example.com:${EVERYWHERE}`;
    expect(await get(host)).toEqual([200, host]);
    expect(await web.admin('/clusters')).toContain(`::192.0.2.8:${EVERYWHERE}::`);
    expect(await web.admin('/clusters')).not.toContain('::127.0.0.1:');
    expect(await web.stat('dns_cache.dynamic_names.dns_address_filter_out')).toBeGreaterThan(0);
  });

  test('TLS goes where its server name leads, and not to the machine itself', async () => {
    expect(await hello('e-192-0-2-9.example.com', 443)).toBe('tls');
    expect(await web.admin('/clusters')).toContain('::192.0.2.9:443::');
    expect(await hello('f-192-0-2-9.example.com', EVERYWHERE)).toBe('tls');
    expect(await hello('g-127-0-0-1.example.com', EVERYWHERE)).toBe('');
    expect(await hello('e.other.com', 443)).toBe('');
  });

  test('a host that a route gives in place of the request’s is the one that is resolved, and held to the same', async () => {
    const given = async (authority: string) => {
      const route = forwardRoute([clusterName('any', PORT), 1]);
      const action = { ...route.action, rewrite: { authority } } as typeof route.action;
      const host = virtualHostPlan('given', PORT, [{ ...route, action }]);
      const [first] = mesh.outbound.httpPorts.flatMap(({ virtualHosts }) => virtualHosts);
      const virtualHosts = [
        ...(first === undefined ? [] : [first]),
        { ...host, domains: ['i-192-0-2-12.example.com'] },
      ];
      mesh.setOutbound({ httpPorts: [{ port: PORT, virtualHosts }] });
      await mesh.synced(proxy.id, web);
    };
    await given('j-192-0-2-11.example.com');
    await eventually(async () =>
      expect(await get('i-192-0-2-12.example.com')).toEqual([200, 'j-192-0-2-11.example.com']),
    );
    expect(await web.admin('/clusters')).toContain('::192.0.2.11:80::');
    await given(`k-127-0-0-1.example.com:${EVERYWHERE}`);
    await eventually(async () => expect(await get('i-192-0-2-12.example.com')).toEqual([503, expect.any(String)]));
  });

  test('what policies say of such a cluster is taken without complaint', async () => {
    const healthCheck = {
      kind: 'tcp',
      intervalMs: 1000,
      timeoutMs: 500,
      unhealthyThreshold: 2,
      healthyThreshold: 1,
      origin: origin(),
    } as const;
    const custom = { mode: 'custom', presentsCertificate: false, subjectAltNames: [], verifiesServer: true } as const;
    const said: readonly Partial<ClusterPlan>[] = [
      { healthCheck },
      { outlierDetection: { consecutive5xxErrors: 1 } },
      { weighsLocalities: true, loadBalancer: 'ring-hash' },
      { tls: custom },
      { tls: { ...custom, verifiesServer: false } },
      { tls: { mode: 'auto', subjectAltNames: [], serverName: 'a' } },
      { tls: { mode: 'mutual', subjectAltNames: [], serverName: 'a' } },
      { protocol: 'http2' },
      { connectionPool: { usesClientProtocol: true } },
      { proxyProtocol: 'v1' },
    ];
    const clusters = said.map((changes, index) => ({ ...dynamic(8000 + index, 'http'), ...changes }));
    mesh.setOutbound({ clusters: [...mesh.outbound.clusters, ...clusters] });
    await mesh.synced(proxy.id, web);
    const taken = await web.admin('/clusters');
    for (const { name } of clusters) expect(taken).toContain(`${name}::observability_name`);
  });
});

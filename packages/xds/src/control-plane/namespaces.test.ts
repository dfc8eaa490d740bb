import type { OutboundPlan, ProxyDescriptor, ServedWorkload } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENVOY, type RunningEnvoy } from './testing/envoy.ts';
import { eventually } from './testing/http.ts';
import { canMakeNamespaces, Namespaces } from './testing/namespaces.ts';
import {
  clusterName,
  clusterPlan,
  endpointPlan,
  forwardRoute,
  hostOf,
  inboundPort,
  loopbackWorkload,
  origin,
  sidecar,
  spiffe,
  virtualHostPlan,
} from './testing/plans.ts';
import { emptyOutbound } from './testing/static-model.ts';
import { TestMesh } from './testing/test-mesh.ts';

const UNUSED_SUBNET = 72;
const API_VIP = '10.96.0.20';
const DB_VIP = '10.96.0.21';
const LEGACY_VIP = '10.96.0.22';

const HTTP_PROGRAM = `
  require('node:http').createServer((q, r) => r.end(JSON.stringify({
    headers: q.headers, from: q.socket.remoteAddress
  }))).listen(9080, () => console.log('ready'));`;
/** Speaks first, as databases do. */
const DATABASE_PROGRAM = `
  require('node:net').createServer((s) => { s.write('hello '); s.on('data', (d) => s.end(d)); s.on('error', () => {}); })
    .listen(3306, () => console.log('ready'));`;

describe.skipIf(ENVOY === undefined || !canMakeNamespaces())('captured workloads (000-31)', () => {
  let mesh: TestMesh;
  let namespaces: Namespaces;
  const netns = new Map<string, string>();
  let web: RunningEnvoy;

  async function workload(name: string, podIp: string): Promise<ServedWorkload> {
    const networkNamespacePath = await namespaces.addPod(name);
    netns.set(name, networkNamespacePath);
    const bare = loopbackWorkload({
      name,
      podIp,
      programIp: '127.0.0.1',
      tunnelSocketPath: mesh.path(`${name}.tunnel`),
    });
    return { ...bare, placement: { ...bare.placement, capture: 'netns', networkNamespacePath } };
  }

  const ask = (pod: string, source: string) => namespaces.ask(netns.get(pod) ?? '', source);
  const get = (pod: string, host: string, name: string) =>
    ask(
      pod,
      `require('node:http').get({ host: '${host}', port: 9080, headers: { host: '${name}:9080' }, agent: false }, (r) => {
        let body = ''; r.on('data', (d) => { body += d; }); r.on('end', () => console.log(JSON.stringify({ status: r.statusCode, body })));
      }).on('error', (e) => console.log(JSON.stringify({ error: e.code })))`,
    );
  const talk = (pod: string, host: string, port: number) =>
    ask(
      pod,
      `let said = ''; const s = require('node:net').connect(${port}, '${host}');
       s.on('data', (d) => { said += d; }); s.write('world'); s.on('error', () => {});
       s.on('close', () => console.log(JSON.stringify({ said })))`,
    );
  const resolve = (pod: string, name: string) =>
    ask(
      pod,
      `const r = new (require('node:dns').promises.Resolver)({ timeout: 1000, tries: 2 }); r.setServers(['10.96.0.10']);
       r.resolve4('${name}').then((a) => console.log(JSON.stringify(a)), (e) => console.log(JSON.stringify(e.code)))`,
    );

  beforeAll(async () => {
    mesh = await TestMesh.start(UNUSED_SUBNET);
    namespaces = await Namespaces.make(mesh.directory);
    const wrap = (argv: readonly string[]) => namespaces.proxyCommand(argv);

    const api = sidecar(await workload('api', '10.244.0.8'));
    const [apiWorkload] = api.workloads;
    if (apiWorkload === undefined || api.identity === undefined) throw new Error('no workload');
    const ports = [inboundPort(9080), inboundPort(3306, { protocol: 'tcp' })];
    mesh.model.inbounds.set(api.id, [{ workload: apiWorkload, ports }]);
    await mesh.authority.issue(api.identity);
    await namespaces.startProgram(netns.get('api') ?? '', HTTP_PROGRAM);
    await namespaces.startProgram(netns.get('api') ?? '', DATABASE_PROGRAM);

    const client = sidecar(await workload('web', '10.244.0.7'));
    const [webWorkload] = client.workloads;
    if (webWorkload === undefined || client.identity === undefined) throw new Error('no workload');
    mesh.model.inbounds.set(client.id, [{ workload: webWorkload, ports: [] }]);
    await mesh.authority.issue(client.identity);

    mesh.setOutbound({
      httpPorts: [
        { port: 9080, virtualHosts: [virtualHostPlan('api', 9080, [forwardRoute([clusterName('api', 9080), 1])])] },
      ],
      tcpListeners: [
        {
          address: DB_VIP,
          port: 3306,
          destinations: [{ cluster: clusterName('db', 3306), weight: 1 }],
          origin: origin(),
        },
      ],
      clusters: [
        clusterPlan('api', 9080),
        clusterPlan('db', 3306, {
          protocol: 'tcp',
          tls: { mode: 'auto', subjectAltNames: [spiffe('api')], serverName: 'db' },
        }),
      ],
      endpoints: [
        { cluster: clusterName('api', 9080), endpoints: [endpointPlan('10.244.0.8', 9080)] },
        { cluster: clusterName('db', 3306), endpoints: [endpointPlan('10.244.0.8', 3306)] },
      ],
      dns: [{ name: hostOf('api'), addresses: [API_VIP] }],
    });

    const outsiders = [await workload('old-1', '10.244.0.11'), await workload('old-2', '10.244.0.12')];
    const node: ProxyDescriptor = {
      id: 'node~127.0.0.1~node.system~cluster.local',
      role: 'node',
      namespace: 'system',
      labels: {},
      workloads: outsiders,
    };
    mesh.model.inbounds.set(
      node.id,
      outsiders.map((outsider) => ({ workload: outsider, ports: [inboundPort(9080, { mutualTls: 'disable' })] })),
    );
    for (const { pod } of outsiders) await namespaces.startProgram(netns.get(pod) ?? '', HTTP_PROGRAM);
    mesh.model.scopes.set(node.id, 'node');
    const toNode: OutboundPlan = {
      ...emptyOutbound('node'),
      tcpListeners: [
        {
          address: LEGACY_VIP,
          port: 9080,
          destinations: [{ cluster: clusterName('old', 9080), weight: 1 }],
          origin: origin(),
        },
        {
          address: API_VIP,
          port: 9080,
          destinations: [{ cluster: clusterName('api', 9080), weight: 1 }],
          origin: origin(),
        },
      ],
      clusters: [
        clusterPlan('old', 9080, { tls: { mode: 'plain' }, protocol: 'tcp' }),
        clusterPlan('api', 9080, { tls: { mode: 'plain' }, protocol: 'tcp' }),
      ],
      endpoints: [
        { cluster: clusterName('old', 9080), endpoints: [endpointPlan('10.244.0.12', 9080, { mutualTls: false })] },
        { cluster: clusterName('api', 9080), endpoints: [endpointPlan('10.244.0.8', 9080, { mutualTls: false })] },
      ],
      dns: [{ name: hostOf('old'), addresses: [LEGACY_VIP] }],
    };
    mesh.model.outbounds.set('node', toNode);

    [web] = await Promise.all([
      mesh.addProxy(client, 'web', wrap),
      mesh.addProxy(api, 'api', wrap),
      mesh.addProxy(node, 'node', wrap),
    ]);
  });
  afterAll(async () => {
    await mesh?.stop();
    namespaces?.stop();
  });

  test('reach a service by its virtual address, with mutual TLS they know nothing of', async () => {
    const { status, body } = (await get('web', API_VIP, 'api')) as { status: number; body: string };
    expect(status).toBe(200);
    const { headers, from } = JSON.parse(body) as { headers: Record<string, string>; from: string };
    expect(headers['x-forwarded-client-cert']).toContain(`URI=${spiffe('web')}`);
    expect(from).toMatch(/127\.0\.0\.6$/);
  });

  test('talk to a server that speaks first', async () => {
    expect(await talk('web', DB_VIP, 3306)).toEqual({ said: 'hello world' });
  });

  test('are cut off from destinations that nobody declared', async () => {
    expect(await talk('web', '10.96.7.7', 4444)).toEqual({ said: '' });
    expect(await web.stat('tcp.BlackHoleCluster.downstream_cx_total')).toBeGreaterThan(0);
  });

  test('resolve names, also those that come later', async () => {
    expect(await resolve('web', hostOf('api'))).toEqual([API_VIP]);
    expect(await resolve('web', hostOf('late'))).toBe('ENOTFOUND');
    mesh.setOutbound({ dns: [...mesh.outbound.dns, { name: hostOf('late'), addresses: ['10.96.0.99'] }] });
    await eventually(async () => expect(await resolve('web', hostOf('late'))).toEqual(['10.96.0.99']));
  });

  test('outside the mesh share one proxy, each with its own namespace, and cannot enter a strict port', async () => {
    for (const pod of ['old-1', 'old-2']) {
      expect(await get(pod, LEGACY_VIP, 'old')).toMatchObject({ status: 200 });
      expect(await resolve(pod, hostOf('old'))).toEqual([LEGACY_VIP]);
      expect(await get(pod, API_VIP, 'api')).toEqual({ error: 'ECONNRESET' });
    }
  });
});

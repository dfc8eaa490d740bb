import type { ClusterPlan, Protocol, TcpListenerPlan } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CapturedMesh, type CapturedPod } from './testing/captured-mesh.ts';
import { ENVOY } from './testing/envoy.ts';
import { canMakeNamespaces } from './testing/namespaces.ts';
import {
  clusterName,
  clusterPlan,
  endpointPlan,
  forwardRoute,
  inboundPort,
  origin,
  spiffe,
  virtualHostPlan,
} from './testing/plans.ts';

const UNUSED_SUBNET = 94;
const POD_IP = '10.244.0.8';
const MUTUAL_VIP = '10.96.0.30';
const PLAIN_VIP = '10.96.0.31';
const DECLARED_VIP = '10.96.0.32';
/** HTTP/1.1, HTTP/2 without TLS, and a server that speaks first. */
const [HTTP, HTTP2, TALKER] = [9080, 9090, 3307];

const HTTP_PROGRAM = `
  const s = require('node:http').createServer((q, r) => r.end(JSON.stringify({ version: q.httpVersion, headers: q.headers })));
  s.on('upgrade', (q, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n\\r\\n');
    socket.on('error', () => {}); socket.pipe(socket);
  });
  s.listen(${HTTP}, () => console.log('ready'));`;
const HTTP2_PROGRAM = `
  const s = require('node:http2').createServer();
  s.on('stream', (stream, headers) => {
    stream.respond({ ':status': 200 }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(JSON.stringify({ version: '2', headers }));
  });
  s.listen(${HTTP2}, () => console.log('ready'));`;
/** Speaks first, as databases do. */
const TALKER_PROGRAM = `
  require('node:net').createServer((s) => { s.write('hello '); s.on('data', (d) => s.end(d)); s.on('error', () => {}); })
    .listen(${TALKER}, () => console.log('ready'));`;

describe.skipIf(ENVOY === undefined || !canMakeNamespaces())('ports without declared protocol (000-31)', () => {
  let captured: CapturedMesh;
  let web: CapturedPod;

  const cluster = (service: string, port: number, protocol: Protocol): ClusterPlan =>
    clusterPlan(service, port, {
      protocol,
      tls: { mode: 'auto', subjectAltNames: [spiffe('api')], serverName: 'api' },
    });
  const listener = (service: string, address: string, port: number): TcpListenerPlan => {
    const to = clusterName(service, port);
    const seen = { ...forwardRoute([to, 1]), requestHeaders: { set: { 'x-routed': service }, add: {}, remove: [] } };
    const host = { ...virtualHostPlan(service, port, [seen]), name: `${service}:${port}` };
    const detected = { port, routeName: `${service}:${port}`, virtualHosts: [host] };
    return { address, port, destinations: [{ cluster: to, weight: 1 }], detected, origin: origin() };
  };

  beforeAll(async () => {
    captured = await CapturedMesh.start(UNUSED_SUBNET);
    const { mesh } = captured;
    const auto = { protocol: 'auto', mutualTls: 'permissive' } as const;
    const ports = [HTTP, HTTP2, TALKER].map((port) => inboundPort(port, auto));
    const api = await captured.addPod('api', POD_IP, ports);
    await Promise.all([HTTP_PROGRAM, HTTP2_PROGRAM, TALKER_PROGRAM].map((source) => api.start(source)));
    const all = [
      ...[HTTP, HTTP2, TALKER].map((port) => ['mutual', MUTUAL_VIP, port, 'auto'] as const),
      ...[HTTP, HTTP2, TALKER].map((port) => ['plain', PLAIN_VIP, port, 'auto'] as const),
      ['declared', DECLARED_VIP, HTTP, 'http'] as const,
      ['declared', DECLARED_VIP, HTTP2, 'grpc'] as const,
    ];
    mesh.setOutbound({
      tcpListeners: all.map(([service, address, port]) => listener(service, address, port)),
      clusters: all.map(([service, , port, protocol]) => cluster(service, port, protocol)),
      endpoints: all.map(([service, , port]) => ({
        cluster: clusterName(service, port),
        endpoints: [endpointPlan(POD_IP, port, { mutualTls: service !== 'plain' })],
      })),
    });
    web = await captured.addPod('web', '10.244.0.7', []);
  });
  afterAll(async () => {
    await captured?.stop();
    expect(captured.mesh.rejections).toEqual([]);
  });

  const overHttp1 = (address: string) =>
    web.ask(`require('node:http').get({ host: '${address}', port: ${HTTP}, headers: { host: 'any.example' }, agent: false }, (r) => {
      let body = ''; r.on('data', (d) => { body += d; }); r.on('end', () => console.log(body)); })`);
  const overHttp2 = (address: string) =>
    web.ask(`const c = require('node:http2').connect('http://${address}:${HTTP2}');
      const q = c.request({ ':path': '/call', ':authority': 'any.example', 'content-type': 'application/grpc', te: 'trailers' });
      let body = '', trailers; q.on('trailers', (t) => { trailers = t['grpc-status']; });
      q.on('data', (d) => { body += d; }); q.on('end', () => { console.log(JSON.stringify({ ...JSON.parse(body), trailers })); c.close(); });`);
  const overWebSocket = (address: string) =>
    web.ask(`const s = require('node:net').connect(${HTTP}, '${address}'); let said = '';
      s.write('GET /chat HTTP/1.1\\r\\nHost: any.example\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n\\r\\n');
      s.on('data', (d) => { said += d; if (said.endsWith('\\r\\n\\r\\n')) s.write('ping');
        if (said.endsWith('ping')) { console.log(JSON.stringify(said.slice(0, 12) + said.slice(-4))); s.destroy(); } });`);
  const talk = (address: string) =>
    web.ask(`const s = require('node:net').connect(${TALKER}, '${address}'); let said = ''; s.on('error', () => {});
      s.on('data', (d) => { said += d; if (said === 'hello ') s.write('world'); });
      s.on('close', () => console.log(JSON.stringify(said)));`);

  test.each([
    ['mutual', MUTUAL_VIP],
    ['plain', PLAIN_VIP],
    ['declared', DECLARED_VIP],
  ])('%s: HTTP/1.1, HTTP/2 for gRPC and WebSocket are understood as such', async (service, address) => {
    const first = (await overHttp1(address)) as { version: string; headers: Record<string, string> };
    expect([first.version, first.headers['x-routed']]).toEqual(['1.1', service]);
    // Who reads requests at the server's side says who the client is.
    expect(first.headers['x-forwarded-client-cert'] === undefined).toBe(service === 'plain');
    expect(await overHttp2(address)).toMatchObject({ version: '2', trailers: '0', headers: { 'x-routed': service } });
    expect(await overWebSocket(address)).toBe('HTTP/1.1 101ping');
  });

  test('a server that speaks first is heard when nothing has come from its client for a while', async () => {
    expect(await Promise.all([talk(MUTUAL_VIP), talk(PLAIN_VIP)])).toEqual(['hello world', 'hello world']);
  });
});

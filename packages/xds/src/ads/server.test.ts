import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { status } from '@grpc/grpc-js';
import { silentLogger, systemClock } from '@meshwise/core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DeltaDiscoveryRequestSchema } from '../../gen/envoy/service/discovery/v3/discovery_pb.js';
import { edsCluster, endpoints, secret } from '../testing/messages.ts';
import { WireClient } from '../testing/wire-client.ts';
import { rulesOf } from '../types.ts';
import { ResourceView } from '../view/resource-view.ts';
import type { AdsLimits } from './limits.ts';
import { type AdsServer, createAdsServer } from './server.ts';
import { DELTA_METHOD } from './service.ts';

let folder: string;
let server: AdsServer;
let clients: WireClient[];
let mesh: ResourceView;

const start = (limits?: Partial<AdsLimits>) => createAdsServer({ logger: silentLogger, clock: systemClock, limits });

function connect(address: string, variant: 'delta' | 'sotw' = 'delta', token?: string): WireClient {
  const client = new WireClient(address, variant, token);
  clients.push(client);
  return client;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ads-'));
  clients = [];
  server = start();
  mesh = new ResourceView({ name: 'mesh' });
  mesh.update({ type: 'CDS', upserts: new Map([['a', edsCluster('a')]]) });
});

afterEach(async () => {
  for (const client of clients) client.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

async function ownSocket(id: string, views: readonly ResourceView[] = [mesh]): Promise<string> {
  const socketPath = join(folder, `${id}.sock`);
  server.addProxy({ id, views, credentials: { socketPath } });
  return (await server.listen({ socketPath })).address;
}

it('serves an incremental client over its own socket, and pushes changes', async () => {
  const client = connect(await ownSocket('p'));
  client.send('CDS', { node: 'p' });
  const first = await client.delta();
  expect(first.resources.map(({ name }) => name)).toEqual(['a']);
  expect(server.proxyStatus('p')).toMatchObject({ synced: false, types: { CDS: { pending: true, resourceCount: 1 } } });
  client.send('CDS', { responseNonce: first.nonce });
  await vi.waitFor(() => expect(server.proxyStatus('p')?.synced).toBe(true));
  mesh.update({ type: 'CDS', upserts: new Map([['b', edsCluster('b')]]), removals: ['a'] });
  const second = await client.delta();
  expect(second.resources.map(({ name }) => name)).toEqual(['b']);
  client.send('CDS', { responseNonce: second.nonce });
  expect((await client.delta()).removedResources).toEqual(['a']);
});

it('serves a state-of-the-world client, and additions reach it before removals', async () => {
  const client = connect(await ownSocket('p'), 'sotw');
  client.send('CDS', { node: 'p' });
  const first = await client.sotw();
  client.send('CDS', { responseNonce: first.nonce, versionInfo: first.versionInfo });
  await vi.waitFor(() => expect(server.proxyStatus('p')?.synced).toBe(true));
  mesh.update({ type: 'CDS', upserts: new Map([['b', edsCluster('b')]]), removals: ['a'] });
  const second = await client.sotw();
  expect(second.resources).toHaveLength(2);
  client.send('CDS', { responseNonce: second.nonce, versionInfo: second.versionInfo });
  expect((await client.sotw()).resources).toHaveLength(1);
});

it('refuses a call without credentials', async () => {
  const socketPath = join(folder, 'open.sock');
  const { address } = await server.listen({ socketPath });
  const client = connect(address);
  client.send('CDS', { node: 'p' });
  expect(await client.ended).toMatchObject({ code: status.UNAUTHENTICATED });
  expect(server.counters().refusedCalls).toBe(1);
});

it('knows a proxy by its token, and refuses a wrong one', async () => {
  server.addProxy({ id: 'p', views: [mesh], credentials: { token: 'right' } });
  const { address } = await server.listen({ host: '127.0.0.1', port: 0 });
  const wrong = connect(address, 'delta', 'wrong');
  expect(await wrong.ended).toMatchObject({ code: status.UNAUTHENTICATED });
  const right = connect(address, 'delta', 'right');
  right.send('CDS', { node: 'p' });
  expect((await right.delta()).resources).toHaveLength(1);
});

it('does not let a token overrule whose socket it is', async () => {
  const address = await ownSocket('p');
  server.addProxy({ id: 'q', views: [mesh], credentials: { token: 'of q' } });
  const client = connect(address, 'delta', 'of q');
  client.send('CDS', { node: 'q' });
  expect(await client.ended).toMatchObject({ code: status.PERMISSION_DENIED });
});

it('refuses a node id that is not the proxy it authenticated, at the first request and later', async () => {
  const address = await ownSocket('p');
  const liar = connect(address);
  liar.send('CDS', { node: 'q' });
  expect(await liar.ended).toMatchObject({ code: status.PERMISSION_DENIED });
  const turncoat = connect(address);
  turncoat.send('CDS', { node: 'p' });
  await turncoat.delta();
  turncoat.send('EDS', { node: 'q' });
  expect(await turncoat.ended).toMatchObject({ code: status.PERMISSION_DENIED });
});

it('refuses a first request without a node, and what is not a request', async () => {
  const address = await ownSocket('p');
  const nameless = connect(address);
  nameless.send('CDS');
  expect(await nameless.ended).toMatchObject({ code: status.INVALID_ARGUMENT });
  const noise = connect(address);
  noise.call.write(Buffer.from([0x0a, 0xff, 0xff]));
  expect(await noise.ended).toMatchObject({ code: status.INVALID_ARGUMENT });
});

it("gives a proxy its own secret and nobody else's, and counts the attempt", async () => {
  const views = ['p', 'q'].map((id) => {
    const view = new ResourceView({ name: `own ${id}`, owner: id });
    view.update({ type: 'SDS', upserts: new Map([[`spiffe://mesh/${id}`, secret(`spiffe://mesh/${id}`)]]) });
    return view;
  });
  const address = await ownSocket('p', [mesh, ...views.slice(0, 1)]);
  await ownSocket('q', [mesh, ...views.slice(1)]);
  const client = connect(address);
  client.send('SDS', { node: 'p', resourceNamesSubscribe: ['spiffe://mesh/p', 'spiffe://mesh/q'] });
  const answer = await client.delta();
  expect(answer.resources.map(({ name }) => name)).toEqual(['spiffe://mesh/p']);
  expect(answer.removedResources).toEqual(['spiffe://mesh/q']);
  expect(server.proxyStatus('p')?.refusedSecrets).toBe(1);
  const all = connect(address);
  all.send('SDS', { node: 'p', resourceNamesSubscribe: ['*'] });
  expect((await all.delta()).resources.map(({ name }) => name)).toEqual(['spiffe://mesh/p']);
});

it("refuses to show a proxy another proxy's view", () => {
  const view = new ResourceView({ name: 'own', owner: 'q' });
  expect(() => server.addProxy({ id: 'p', views: [view] })).toThrow(/MW5002/);
});

it('refuses a second proxy with the same id or the same credentials', () => {
  server.addProxy({ id: 'p', views: [], credentials: { token: 't' } });
  expect(() => server.addProxy({ id: 'p', views: [] })).toThrow(/MW5002/);
  expect(() => server.addProxy({ id: 'q', views: [], credentials: { token: 't' } })).toThrow(/MW5002/);
});

it('makes its socket readable by its owner only, takes over a stale one, and leaves a live one alone', async () => {
  const socketPath = join(folder, 's.sock');
  const first = await server.listen({ socketPath });
  expect(statSync(socketPath).mode & 0o777).toBe(0o600);
  const other = start();
  await expect(other.listen({ socketPath })).rejects.toThrow(/MW5001/);
  await other.close();
  expect(existsSync(socketPath)).toBe(true);
  await first.close();
});

it('ends a stream that does not read, and bounds what waits for it', async () => {
  await server.close();
  server = start({ stallTimeoutMs: 150 });
  const names = Array.from({ length: 20_000 }, (_, index) => `cluster number ${index} with quite a long name`);
  mesh.update([
    { type: 'CDS', upserts: new Map(names.map((name) => [name, edsCluster(name)])) },
    { type: 'EDS', upserts: new Map(names.map((name) => [name, endpoints(name)])) },
  ]);
  const session = await connectWithoutReading(await ownSocket('p'));
  await vi.waitFor(() => expect(server.counters().responses).toBe(2));
  for (let round = 1; round < 20; round += 1) {
    mesh.update({ type: 'CDS', upserts: new Map([['c1', edsCluster('c1', round)]]) });
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(server.counters().responses).toBe(2);
  await vi.waitFor(() => expect(server.proxyStatus('p')?.connectedSinceMs).toBeUndefined(), 3_000);
  session.destroy();
});

function overHttp2(address: string): ClientHttp2Session {
  return connectHttp2('http://localhost', {
    createConnection: () => createConnection(address.slice('unix:'.length)),
  });
}

it.each([
  [
    { ':method': 'POST', 'content-type': 'application/grpc' },
    '/other.Service/Method',
    { ':status': 200, 'grpc-status': '12' },
  ],
  [{ ':method': 'POST', 'content-type': 'application/json' }, DELTA_METHOD, { ':status': 415 }],
  [{ ':method': 'GET' }, DELTA_METHOD, { ':status': 415 }],
])('answers %j to %s with %j', async (headers, path, expected) => {
  const session = overHttp2(await ownSocket('p'));
  const stream = session.request({ ...headers, ':path': path });
  const answer = await new Promise((resolve) => stream.once('response', resolve));
  expect(answer).toMatchObject(expected);
  session.destroy();
});

/** HTTP/2 by hand: a gRPC library reads ahead, whether anybody wants it or not. */
async function connectWithoutReading(address: string): Promise<ClientHttp2Session> {
  const session = overHttp2(address);
  const stream = session.request({
    ':method': 'POST',
    ':path': DELTA_METHOD,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  stream.on('error', () => {});
  const requests = [
    { typeUrl: rulesOf('CDS').typeUrl, node: { id: 'p' } },
    { typeUrl: rulesOf('EDS').typeUrl, resourceNamesSubscribe: ['*'] },
  ];
  for (const request of requests) {
    const bytes = toBinary(DeltaDiscoveryRequestSchema, create(DeltaDiscoveryRequestSchema, request));
    const head = Buffer.alloc(5);
    head.writeUInt32BE(bytes.length, 1);
    stream.write(Buffer.concat([head, bytes]));
  }
  return session;
}

it('serves everybody in turn when the budget for unread responses is smaller than one response', async () => {
  await server.close();
  server = start({ unreadBytes: 1 });
  const address = (await server.listen({ host: '127.0.0.1', port: 0 })).address;
  const ids = Array.from({ length: 20 }, (_, index) => `p${index}`);
  for (const id of ids) server.addProxy({ id, views: [mesh], credentials: { token: id } });
  const answers = ids.map(async (id) => {
    const client = connect(address, 'delta', id);
    client.send('CDS', { node: id });
    const { nonce } = await client.delta();
    client.send('CDS', { responseNonce: nonce });
  });
  await Promise.all(answers);
  await vi.waitFor(() => expect(server.proxyStatuses().every(({ synced }) => synced)).toBe(true));
});

it('brings an open stream to other views by differences', async () => {
  const client = connect(await ownSocket('p'));
  client.send('CDS', { node: 'p' });
  client.send('CDS', { responseNonce: (await client.delta()).nonce });
  await vi.waitFor(() => expect(server.proxyStatus('p')?.synced).toBe(true));
  const wider = new ResourceView({ name: 'wider' });
  wider.update({
    type: 'CDS',
    upserts: new Map([
      ['a', edsCluster('a')],
      ['b', edsCluster('b')],
    ]),
  });
  server.setViews('p', [wider]);
  const difference = await client.delta();
  expect(difference.resources.map(({ name }) => name)).toEqual(['b']);
  expect(difference.removedResources).toEqual([]);
});

it('ends streams with UNAVAILABLE when it stops, and with PERMISSION_DENIED when the proxy is removed', async () => {
  const address = await ownSocket('p');
  const removed = connect(address);
  removed.send('CDS', { node: 'p' });
  await removed.delta();
  const stopped = connect(await ownSocket('q'));
  stopped.send('CDS', { node: 'q' });
  await stopped.delta();
  server.removeProxy('p');
  expect(await removed.ended).toMatchObject({ code: status.PERMISSION_DENIED });
  await server.close();
  expect(await stopped.ended).toMatchObject({ code: status.UNAVAILABLE });
});

it('reports connections, responses, acknowledgements and rejections as they happen', async () => {
  const seen: string[] = [];
  server.onEvent((event) => seen.push(event.kind));
  const client = connect(await ownSocket('p'));
  client.send('CDS', { node: 'p' });
  const { nonce } = await client.delta();
  client.send('CDS', { responseNonce: nonce, errorDetail: { code: 3, message: 'cluster a is bad' } });
  await vi.waitFor(() => expect(seen).toEqual(['connected', 'sent', 'nacked']));
  expect(server.proxyStatus('p')).toMatchObject({
    synced: false,
    types: { CDS: { lastNack: { resources: ['a'], message: 'cluster a is bad', isOpen: true } } },
  });
});

import { connect } from 'node:http2';
import { createServer } from 'node:net';
import type { ConnectionPool, Protocol } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { statName } from '../envoy/stat-name.ts';
import { ENVOY } from './testing/envoy.ts';
import { clusterPlan, endpointPlan, forwardRoute } from './testing/plans.ts';
import { PORT, ReviewsMesh } from './testing/reviews-mesh.ts';
import type { Pod, TestMesh } from './testing/test-mesh.ts';

const SUBNET = 89;

describe.skipIf(ENVOY === undefined)('DestinationRule and which HTTP sidecars speak to each other', () => {
  let reviews: ReviewsMesh;
  let mesh: TestMesh;
  let client: Pod;
  let v1: Pod;
  let clusters = 0;

  beforeAll(async () => {
    reviews = await ReviewsMesh.start(SUBNET);
    ({ mesh, client, v1 } = reviews);
  });
  afterAll(async () => {
    await mesh?.stop();
    expect(mesh.rejections).toEqual([]);
  });

  /** Sends requests to the program behind its sidecar; returns how to count connections by protocol. */
  async function use(protocol: Protocol, connectionPool: ConnectionPool, endpoint = endpointPlan(v1.podIp, PORT)) {
    clusters += 1;
    const plan = clusterPlan('reviews', PORT, { subset: `test${clusters}`, protocol, connectionPool });
    mesh.setOutbound({
      clusters: [...mesh.outbound.clusters, plan],
      endpoints: [...mesh.outbound.endpoints, { cluster: plan.name, endpoints: [endpoint] }],
    });
    await reviews.route(forwardRoute([plan.name, 1]));
    const stat = (name: string) => client.envoy.stat(`cluster.${statName(plan.name)}.${name}`);
    const connections = async () => ({
      http1: await stat('upstream_cx_http1_total'),
      http2: await stat('upstream_cx_http2_total'),
    });
    return { name: plan.name, connections };
  }

  /** The status of a request in HTTP/2 without TLS, as gRPC clients make them. */
  function http2Status(): Promise<number> {
    const session = connect(`http://${client.podIp}:15002`);
    return new Promise<number>((resolve, reject) => {
      session.once('error', reject);
      const request = session.request({ ':path': '/', ':authority': `reviews:${PORT}` });
      request.once('response', (headers) => resolve(headers[':status'] ?? 0));
      request.once('error', reject);
      request.resume();
    }).finally(() => session.close());
  }

  test('trafficPolicy.connectionPool.http.h2UpgradePolicy UPGRADE makes it HTTP/2, DEFAULT leaves HTTP/1.1', async () => {
    const upgraded = await use('http', { upgradesToHttp2: true, maxConcurrentStreams: 10 });
    expect((await reviews.get()).status).toBe(200);
    expect(await upgraded.connections()).toEqual({ http1: 0, http2: 1 });
    const plain = await use('http', {});
    expect((await reviews.get()).status).toBe(200);
    expect(await plain.connections()).toEqual({ http1: 1, http2: 0 });
  });

  test.each([
    ['trafficPolicy.connectionPool.http.useClientProtocol', 'http', { usesClientProtocol: true }],
    ['a port without declared protocol', 'auto', {}],
  ] as const)('%s makes it what the client speaks', async (_, protocol, pool) => {
    const { connections } = await use(protocol, pool);
    expect((await reviews.get()).status).toBe(200);
    expect(await connections()).toEqual({ http1: 1, http2: 0 });
    expect(await http2Status()).toBe(200);
    expect(await connections()).toEqual({ http1: 1, http2: 1 });
  });

  test('trafficPolicy.connectionPool.http.http2KeepAlive gives up a connection over which no PING is answered', async () => {
    const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    const silent = createServer((socket) => {
      socket.on('error', () => {});
      socket.write(settings);
      socket.resume();
    });
    const address = `127.${SUBNET}.9.1`;
    await new Promise<void>((resolve) => silent.listen(PORT, address, resolve));
    const pool = { http2Keepalive: { intervalMs: 50, timeoutMs: 50 } };
    const { name } = await use('http2', pool, endpointPlan(address, PORT, { mutualTls: false }));
    expect((await reviews.get()).status).toBe(503);
    expect(await client.envoy.stat(`cluster.${statName(name)}.http2.keepalive_timeout`)).toBe(1);
    silent.close();
  });
});

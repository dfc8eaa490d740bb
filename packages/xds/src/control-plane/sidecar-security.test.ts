import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { statName } from '../envoy/stat-name.ts';
import { connectionTo } from './testing/connection.ts';
import { ENVOY } from './testing/envoy.ts';
import { call, echoOf } from './testing/http.ts';
import { clusterPlan, endpointPlan, forwardRoute, inboundPort, spiffe } from './testing/plans.ts';
import { PORT, ReviewsMesh, V1 } from './testing/reviews-mesh.ts';
import type { Pod, TestMesh } from './testing/test-mesh.ts';

const SUBNET = 71;

describe.skipIf(ENVOY === undefined)('sidecars and who may talk to whom (000-31, 001-38)', () => {
  let reviews: ReviewsMesh;
  let mesh: TestMesh;
  let client: Pod;
  let v1: Pod;
  let v2: Pod;

  beforeAll(async () => {
    reviews = await ReviewsMesh.start(SUBNET);
    ({ mesh, client, v1, v2 } = reviews);
  });
  afterAll(async () => {
    await mesh?.stop();
    expect(mesh.rejections).toEqual([]);
  });

  test('speak mutual TLS 1.3, and the server learns who calls', async () => {
    const answer = await reviews.get('/hello?a=b');
    expect(answer.status).toBe(200);
    const { headers, url, program } = echoOf(answer);
    expect(program).toBe('reviews-v1');
    expect(url).toBe('/hello?a=b');
    expect(headers['x-forwarded-client-cert']).toContain(`URI=${spiffe('productpage')}`);
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(await v1.envoy.admin('/stats?filter=ssl')).toMatch(/ssl\.versions\.TLSv1\.3: [1-9]/);
  });

  test('close a strict port to plain text, and leave the program alone', async () => {
    await expect(call(v1.podIp, PORT, '/')).rejects.toThrow(/ECONNRESET|hang up/);
    expect(await v1.envoy.stat(`listener.${v1.podIp}_${PORT}.no_filter_chain_match`)).toBeGreaterThan(0);
  });

  test('refuse a server with another identity than the Plan names', async () => {
    const impostor = clusterPlan('reviews', PORT, {
      subset: 'impostor',
      tls: { mode: 'mutual', subjectAltNames: [spiffe('ratings')], serverName: 'reviews' },
    });
    mesh.setOutbound({ clusters: [...mesh.outbound.clusters, impostor] });
    await reviews.endpoints(impostor.name, endpointPlan(v1.podIp, PORT));
    await reviews.route(forwardRoute([impostor.name, 1]));
    expect((await reviews.get()).status).toBe(503);
    expect(await client.envoy.stat(`cluster.${statName(impostor.name)}.ssl.fail_verify_san`)).toBeGreaterThan(0);
    await reviews.route(forwardRoute([V1, 1]));
    expect((await reviews.get()).status).toBe(200);
  });

  test('trust nobody when the Plan knows no identity of the server', async () => {
    const unknown = clusterPlan('reviews', PORT, {
      subset: 'unknown',
      tls: { mode: 'mutual', subjectAltNames: [], serverName: 'reviews' },
    });
    mesh.setOutbound({ clusters: [...mesh.outbound.clusters, unknown] });
    await reviews.endpoints(unknown.name, endpointPlan(v1.podIp, PORT));
    await reviews.route(forwardRoute([unknown.name, 1]));
    expect((await reviews.get()).status).toBe(503);
    expect(await client.envoy.stat(`cluster.${statName(unknown.name)}.ssl.fail_verify_san`)).toBeGreaterThan(0);
    await reviews.route(forwardRoute([V1, 1]));
  });

  test('use plain text to an endpoint without sidecar, and none that is unhealthy', async () => {
    await mesh.addProgram('bare', client.programIp, PORT);
    await reviews.endpoints(
      V1,
      endpointPlan(client.programIp, PORT, { mutualTls: false }),
      endpointPlan(v1.podIp, PORT, { health: 'unhealthy' }),
      endpointPlan(v2.podIp, PORT, { health: 'unhealthy' }),
      endpointPlan(client.programIp, 1, { weight: 0 }),
    );
    for (let index = 0; index < 10; index += 1) expect(echoOf(await reviews.get()).program).toBe('bare');
    await reviews.endpoints(V1, endpointPlan(v1.podIp, PORT));
  });

  test('let both kinds of clients into a permissive port, and anybody into a disabled one', async () => {
    mesh.setInbound(v1, [inboundPort(PORT, { mutualTls: 'permissive' })]);
    await reviews.settled(v1);
    expect((await call(v1.podIp, PORT, '/')).status).toBe(200);
    expect(echoOf(await reviews.get()).headers['x-forwarded-client-cert']).toContain(spiffe('productpage'));
    mesh.setInbound(v1, [inboundPort(PORT, { mutualTls: 'disable' })]);
    await reviews.settled(v1);
    const forged = await call(v1.podIp, PORT, '/', { headers: { 'x-forwarded-client-cert': 'URI=spiffe://x/y' } });
    expect(echoOf(forged).headers['x-forwarded-client-cert']).toBeUndefined();
    mesh.setInbound(v1, [inboundPort(PORT)]);
    await reviews.settled(v1);
  });

  test('open a tunnel to the program for probes, and to no other port', async () => {
    const tunnel = connectionTo(mesh.path('reviews-v1.tunnel'));
    expect(await tunnel.ask(`CONNECT 127.0.0.1:${PORT} HTTP/1.1\r\nHost: 127.0.0.1:${PORT}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 200/,
    );
    const answer = await tunnel.ask('GET /probe HTTP/1.1\r\nHost: probe\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 200[\s\S]*\/probe/);
    tunnel.close();
    const refused = connectionTo(mesh.path('reviews-v1.tunnel'));
    expect(await refused.ask('CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n')).toMatch(/^HTTP\/1\.1 404/);
    refused.close();
  });
});

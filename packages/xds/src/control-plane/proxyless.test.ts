import { mkdtempSync, rmSync } from 'node:fs';
import type { Http2Server } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@meshwise/core';
import type { HttpMatch, ProxyDescriptor, RoutePlan } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAdsServer } from '../ads/server.ts';
import type { AdsEvent } from '../ads/status.ts';
import { grpcBootstrap } from '../envoy/grpc-bootstrap.ts';
import { createControlPlane } from './control-plane.ts';
import { TestAuthority } from './testing/authority.ts';
import { grpcCall, grpcClient, startGrpcProgram } from './testing/grpc.ts';
import { eventually } from './testing/http.ts';
import {
  anyRequest,
  clusterName,
  clusterPlan,
  endpointPlan,
  forwardRoute,
  origin,
  virtualHostPlan,
} from './testing/plans.ts';
import { StaticModel } from './testing/static-model.ts';

const PORT = 9_080;
const SUBNETS = { v1: '127.99.1.1', v2: '127.99.1.2' };
const V1 = clusterName('reviews', PORT, 'v1');
const V2 = clusterName('reviews', PORT, 'v2');
const TARGET = 'xds:///reviews.default.svc.cluster.local:9080';
const client: ProxyDescriptor = {
  id: 'grpc~127.0.0.1~client.default~default.svc.cluster.local',
  role: 'sidecar',
  client: 'grpc',
  namespace: 'default',
  labels: { app: 'client' },
  workloads: [],
};

/** Those who know no proxy: gRPC's own client for Node, against real servers. */
describe('a proxyless gRPC client obeys (X3)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'meshwise-grpc-'));
  const model = new StaticModel();
  const ads = createAdsServer({ clock: systemClock, logger: silentLogger });
  const events: AdsEvent[] = [];
  const programs: Http2Server[] = [];
  let plane: ReturnType<typeof createControlPlane>;

  beforeAll(async () => {
    for (const [version, host] of Object.entries(SUBNETS)) programs.push(await startGrpcProgram(host, PORT, version));
    const common = { clock: systemClock, logger: silentLogger };
    plane = createControlPlane({ model, ads, secrets: await TestAuthority.create(), ...common });
    ads.onEvent((event) => events.push(event));
    publish([forwardRoute([V1, 100])]);
    const adsSocketPath = join(directory, 'ads.sock');
    plane.setProxy(client, { socketPath: adsSocketPath });
    await ads.listen({ socketPath: adsSocketPath });
    // Read once, when the library is loaded.
    process.env['GRPC_XDS_BOOTSTRAP_CONFIG'] = JSON.stringify(grpcBootstrap({ proxy: client, adsSocketPath }));
    const { register } = await import('@grpc/grpc-js-xds');
    register();
  });
  afterAll(async () => {
    plane.close();
    await ads.close();
    for (const program of programs) program.close();
    rmSync(directory, { recursive: true });
  });

  function publish(routes: readonly RoutePlan[]): void {
    const subsets = [
      ['v1', SUBNETS.v1],
      ['v2', SUBNETS.v2],
    ] as const;
    model.outbounds.set('default', {
      scope: 'default',
      httpPorts: [{ port: PORT, virtualHosts: [virtualHostPlan('reviews', PORT, routes)] }],
      tcpListeners: [],
      clusters: subsets.map(([subset]) => clusterPlan('reviews', PORT, { subset, loadBalancer: 'least-request' })),
      endpoints: subsets.map(([subset, address]) => ({
        cluster: clusterName('reviews', PORT, subset),
        endpoints: [endpointPlan(address, PORT)],
      })),
      dns: [],
    });
    plane.publish();
  }

  const when = (match: Partial<HttpMatch>, cluster: string): RoutePlan => ({
    ...forwardRoute([cluster, 100]),
    match: { ...anyRequest, ...match },
  });
  const answers = async (expected: string, headers?: Readonly<Record<string, string>>, path?: string) => {
    const stub = grpcClient(TARGET);
    await eventually(async () => expect(await grpcCall(stub, path, headers)).toBe(expected));
    stub.close();
  };

  test('the destination of a route', () => answers('v1'));

  test('headers and paths', async () => {
    publish([
      when({ headers: [{ name: 'end-user', match: { exact: 'jason' } }] }, V2),
      when({ path: { prefix: '/shop.Stock/' } }, V1),
    ]);
    await answers('v2', { 'end-user': 'jason' });
    await answers('v1', { 'end-user': 'eve' });
    // UNAVAILABLE: no route.
    await answers('failed 14', {}, '/shop.Other/Get');
  });

  test('weights', async () => {
    publish([forwardRoute([V1, 50], [V2, 50])]);
    await answers('v2');
    const stub = grpcClient(TARGET);
    const seen = await Promise.all(Array.from({ length: 200 }, () => grpcCall(stub)));
    stub.close();
    // Binomial, n = 200, p = 1/2, alpha = 1e-6.
    const first = seen.filter((version) => version === 'v1').length;
    expect(first).toBeGreaterThan(64);
    expect(first).toBeLessThan(136);
    expect(seen.filter((version) => version === 'v2')).toHaveLength(200 - first);
  });

  test('a route that asks for what no call has is passed over, and one that answers by itself fails', async () => {
    const respond: RoutePlan = {
      match: { ...anyRequest, headers: [{ name: 'end-user', match: { exact: 'jason' } }] },
      action: { kind: 'respond', status: 403 },
      origin: origin(),
    };
    publish([
      when({ queryParameters: [{ name: 'v', match: { exact: '2' } }] }, V2),
      when({ method: { exact: 'GET' } }, V2),
      respond,
      when({ method: { exact: 'POST' }, authority: { prefix: 'reviews.' } }, V1),
    ]);
    await answers('failed 14', { 'end-user': 'jason' });
    await answers('v1');
  });

  test('and refuses nothing of it, and is given no secret', () => {
    expect(events.filter(({ kind }) => kind === 'nacked' || kind === 'secretRefused')).toEqual([]);
    expect(ads.counters()).toMatchObject({ nacks: 0, refusedSecrets: 0, refusedCalls: 0 });
  });
});

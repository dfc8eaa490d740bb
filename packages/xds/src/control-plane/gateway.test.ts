import { request } from 'node:http';
import type { HttpServerPlan, ProxyDescriptor } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENVOY, type RunningEnvoy } from './testing/envoy.ts';
import { call, echoOf, eventually } from './testing/http.ts';
import {
  clusterName,
  clusterPlan,
  endpointPlan,
  forwardRoute,
  inboundPort,
  origin,
  spiffe,
  TRUST_DOMAIN,
  virtualHostPlan,
} from './testing/plans.ts';
import { TestMesh } from './testing/test-mesh.ts';

const SUBNET = 73;
const ADDRESS = `127.${SUBNET}.3.1`;
const INSIDE = `127.${SUBNET}.3.2`;
const PRODUCTPAGE = clusterName('productpage', 9080);

function server(port: number, changes: Partial<HttpServerPlan> = {}): HttpServerPlan {
  return { port, protocol: 'http', routeName: `http.${port}`, virtualHosts: [], origin: origin('Gateway'), ...changes };
}

describe.skipIf(ENVOY === undefined)('a gateway (000-38)', () => {
  let mesh: TestMesh;
  let envoy: RunningEnvoy;
  let gateway: ProxyDescriptor;

  beforeAll(async () => {
    mesh = await TestMesh.start(SUBNET);
    const pod = await mesh.addPod({ name: 'productpage', ports: [inboundPort(9080)] });
    const identity = { trustDomain: TRUST_DOMAIN, namespace: 'default', serviceAccount: 'gateway' };
    await mesh.authority.issue(identity);
    gateway = {
      id: `router~${ADDRESS}~gateway.default~default.svc.cluster.local`,
      role: 'gateway',
      namespace: 'default',
      labels: { istio: 'ingressgateway' },
      identity,
      workloads: [],
      gateway: {
        bindAddress: ADDRESS,
        ports: { 8080: { port: 18_080 }, 8081: { socketPath: mesh.path('gateway.sock') }, 8082: { port: 18_082 } },
        inside: { bindAddress: INSIDE, ports: { 8080: 28_080 } },
      },
    };
    mesh.setOutbound({
      // A gateway and sidecars may share a scope; the gateway takes only the destinations.
      httpPorts: [
        { port: 9080, virtualHosts: [virtualHostPlan('productpage', 9080, [forwardRoute([PRODUCTPAGE, 1])])] },
      ],
      clusters: [clusterPlan('productpage', 9080)],
      endpoints: [{ cluster: PRODUCTPAGE, endpoints: [endpointPlan(pod.podIp, 9080)] }],
    });
    const bookinfo = {
      name: 'bookinfo.example:8080',
      domains: ['bookinfo.example', 'bookinfo.example:*'],
      routes: [forwardRoute([PRODUCTPAGE, 1])],
      origin: origin('VirtualService', 'bookinfo'),
    };
    mesh.model.gateways.set(gateway.id, {
      servers: [
        server(8080, { virtualHosts: [bookinfo] }),
        server(8081, { virtualHosts: [{ ...bookinfo, name: '*:8081', domains: ['*'] }] }),
        server(8082),
        server(9999),
      ],
    });
    envoy = await mesh.addProxy(gateway, 'gateway');
  });
  afterAll(() => mesh?.stop());

  test('answers at its address inside the mesh as it does for this machine (001-77)', async () => {
    const answer = await eventually(async () => {
      const reply = await call(INSIDE, 28_080, '/inside', { headers: { host: 'bookinfo.example' } });
      expect(reply.status).toBe(200);
      return reply;
    });
    expect(echoOf(answer).url).toBe('/inside');
  });

  test('takes requests for its hosts, whatever port they came by, into the mesh', async () => {
    const answer = await eventually(async () => {
      const headers = { host: 'bookinfo.example:18080', 'x-forwarded-for': '203.0.113.9' };
      const reply = await call(ADDRESS, 18_080, '/a/../b//c', { headers });
      expect(reply.status).toBe(200);
      return reply;
    });
    expect(answer.headers['server']).toBe('istio-envoy');
    const { headers, url } = echoOf(answer);
    expect(url).toBe('/b//c');
    expect(headers['x-forwarded-client-cert']).toContain(`URI=${spiffe('gateway')}`);
    // Appended: the address of this machine, by which Envoy replaces loopback.
    expect(headers['x-forwarded-for']).toMatch(/^203\.0\.113\.9, ?[0-9.]+$/);
  });

  test('believes no caller who says who he is', async () => {
    const forged = {
      host: 'bookinfo.example',
      'x-forwarded-client-cert': 'URI=spiffe://a/b',
      'x-envoy-max-retries': '9',
    };
    const { headers } = echoOf(await call(ADDRESS, 18_080, '/', { headers: forged }));
    expect(headers['x-forwarded-client-cert']).not.toContain('spiffe://a/b');
    expect(headers['x-envoy-max-retries']).toBeUndefined();
  });

  test('answers 404 to other hosts and on a server without routes', async () => {
    expect((await call(ADDRESS, 18_080, '/', { headers: { host: 'other.example' } })).status).toBe(404);
    expect((await call(ADDRESS, 18_082, '/', { headers: { host: 'bookinfo.example' } })).status).toBe(404);
  });

  test('listens on a Unix socket where it is told to', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request({ socketPath: mesh.path('gateway.sock'), path: '/' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });

  test('has listeners for the ports that have a place, and none of the sidecars', async () => {
    const listeners = JSON.parse(await envoy.admin('/listeners?format=json')) as {
      listener_statuses: { name: string }[];
    };
    const names = listeners.listener_statuses.map(({ name }) => name).sort();
    expect(names).toEqual(['0.0.0.0_8080', '0.0.0.0_8081', '0.0.0.0_8082', `${INSIDE}_8080`]);
  });

  test('opens a port that its placement learns of later', async () => {
    const placement = gateway.gateway;
    if (placement === undefined) throw new Error('no placement');
    mesh.controlPlane.setProxy({
      ...gateway,
      gateway: { ...placement, ports: { ...placement.ports, 9999: { port: 19_999 } } },
    });
    const reply = await eventually(() => call(ADDRESS, 19_999, '/'));
    expect(reply.status).toBe(404);
    expect(mesh.ads.counters().nacks).toBe(0);
  });
});

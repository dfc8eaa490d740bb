import type { PathNormalization } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENVOY, type RunningEnvoy } from './testing/envoy.ts';
import { call, echoOf, eventually } from './testing/http.ts';
import { forwardRoute, inboundPort, origin, TRUST_DOMAIN, virtualHostPlan } from './testing/plans.ts';
import { PORT, ReviewsMesh, V1 } from './testing/reviews-mesh.ts';
import type { TestMesh } from './testing/test-mesh.ts';

const SUBNET = 79;
const GATEWAY = `127.${SUBNET}.3.1`;

/** What the program gets for a path, by how paths are read on the way. Istio's documentation of ProxyPathNormalization. */
const PATHS: readonly (readonly [path: string, none: string, base: string, merging: string, decoding: string])[] = [
  ['/a/../b', '/a/../b', '/b', '/b', '/b'],
  ['/%61', '/%61', '/a', '/a', '/a'],
  ['//a//b', '//a//b', '//a//b', '/a/b', '/a/b'],
  ['/a%2fb', '/a%2fb', '/a%2fb', '/a%2fb', '/a/b'],
  ['/a%2F..%2Fb', '/a%2F..%2Fb', '/a%2F..%2Fb', '/a%2F..%2Fb', '/b'],
  ['/a%5c%5Cb?c=%2f//d', '/a%5c%5Cb?c=%2f//d', '/a%5c%5Cb?c=%2f//d', '/a%5c%5Cb?c=%2f//d', '/a/b?c=%2f//d'],
];

describe.skipIf(ENVOY === undefined)('MeshConfig pathNormalization.normalization (001-7)', () => {
  let reviews: ReviewsMesh;
  let mesh: TestMesh;
  let gatewayEnvoy: RunningEnvoy;

  beforeAll(async () => {
    reviews = await ReviewsMesh.start(SUBNET);
    ({ mesh } = reviews);
    const identity = { trustDomain: TRUST_DOMAIN, namespace: 'default', serviceAccount: 'gateway' };
    await mesh.authority.issue(identity);
    gatewayEnvoy = await mesh.addProxy({ ...gateway, identity }, 'gateway');
  });
  afterAll(async () => {
    await mesh?.stop();
    expect(mesh.rejections).toEqual([]);
  });

  const gateway = {
    id: `router~${GATEWAY}~gateway.default~default.svc.cluster.local`,
    role: 'gateway' as const,
    namespace: 'default',
    labels: {},
    workloads: [],
    gateway: { bindAddress: GATEWAY, ports: { 8080: { port: 18_080 } } },
  };

  /** Each of the three ways in and out alone; the others leave paths as they came. */
  async function reading(where: 'outbound' | 'inbound' | 'gateway', how: PathNormalization | undefined): Promise<void> {
    const at = (side: string) => {
      const paths = side === where ? how : 'none';
      return paths === undefined ? {} : { pathNormalization: paths };
    };
    const { v1 } = reviews;
    mesh.model.inbounds.set(v1.proxy.id, [
      ...v1.proxy.workloads.map((workload) => ({ workload, ports: [inboundPort(PORT)], ...at('inbound') })),
    ]);
    mesh.model.gateways.set(gateway.id, {
      servers: [
        {
          port: 8080,
          protocol: 'http',
          routeName: 'http.8080',
          virtualHosts: [virtualHostPlan('reviews', PORT, [forwardRoute([V1, 1])])],
          origin: origin('Gateway'),
        },
      ],
      ...at('gateway'),
    });
    const { pathNormalization: _, ...outbound } = mesh.outbound;
    mesh.model.outbounds.set('default', { ...outbound, ...at('outbound') });
    mesh.controlPlane.publish();
    await reviews.settled(v1);
    await reviews.settled(reviews.client);
    await mesh.synced(gateway.id, gatewayEnvoy);
  }

  // Not in the absolute form of RFC 9112, 3.2.2, which Envoy's parser normalises whatever it is told.
  const ask = async (address: string, port: number, path: string) =>
    echoOf(await call(address, port, path, { headers: { host: `reviews:${PORT}` } })).url;
  const throughSidecars = (path: string) => ask(reviews.client.podIp, 15_002, path);
  const throughGateway = (path: string) => ask(GATEWAY, 18_080, path);

  test.each([
    ['outbound', throughSidecars],
    ['inbound', throughSidecars],
    ['gateway', throughGateway],
  ] as const)('is what the %s side makes of a path, for the next one and for the program', async (where, through) => {
    const ways = ['none', undefined, 'merge-slashes', 'decode-and-merge-slashes'] as const;
    for (const [index, way] of ways.entries()) {
      await reading(where, way);
      // Connections that are open keep to what they began with until their listener has drained.
      await eventually(async () => {
        const found: string[] = [];
        for (const [path] of PATHS) found.push(await through(path));
        expect(found, way).toEqual(PATHS.map((row) => row[index + 1]));
      });
    }
  });
});

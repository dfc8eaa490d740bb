import { createServer, type Server } from 'node:net';
import { isPlausible } from '@meshwise/core/testing';
import type { ClusterPlan, EndpointPlan, HashPolicy } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENVOY } from './testing/envoy.ts';
import { echoOf, eventually } from './testing/http.ts';
import { clusterPlan, endpointPlan, forwardRoute, origin } from './testing/plans.ts';
import { PORT, ReviewsMesh } from './testing/reviews-mesh.ts';
import type { TestMesh } from './testing/test-mesh.ts';

const SUBNET = 87;
const ADDRESSES = [1, 2, 3, 4].map((index) => `127.${SUBNET}.9.${index}`);
const [A = '', B = '', C = '', D = ''] = ADDRESSES;

describe.skipIf(ENVOY === undefined)('DestinationRule loadBalancer and proxyProtocol on Envoy', () => {
  let reviews: ReviewsMesh;
  let mesh: TestMesh;
  let announced: Server;
  const headers: Buffer[] = [];
  let clusters = 0;

  beforeAll(async () => {
    reviews = await ReviewsMesh.start(SUBNET);
    mesh = reviews.mesh;
    for (const address of ADDRESSES) await mesh.addProgram(address, address, PORT);
    announced = createServer((socket) => {
      socket.once('data', (chunk: Buffer) => {
        headers.push(chunk);
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      });
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => announced.listen(PORT, `127.${SUBNET}.9.9`, resolve));
  });
  afterAll(async () => {
    announced?.close();
    await mesh?.stop();
    expect(mesh.rejections).toEqual([]);
  });

  const at = (address: string, changes: Partial<EndpointPlan> = {}) =>
    endpointPlan(address, PORT, { mutualTls: false, ...changes });
  const everywhere = () => ADDRESSES.map((address) => at(address));

  /** Sends requests for `reviews` to a cluster of its own; returns its name. */
  async function use(
    settings: Partial<ClusterPlan>,
    endpoints: readonly EndpointPlan[],
    more: { readonly hashPolicies?: readonly HashPolicy[]; readonly shares?: Readonly<Record<string, number>> } = {},
  ): Promise<string> {
    clusters += 1;
    const plan = clusterPlan('reviews', PORT, { subset: `test${clusters}`, tls: { mode: 'plain' }, ...settings });
    const shares = more.shares === undefined ? {} : { localityWeights: more.shares };
    mesh.setOutbound({
      clusters: [...mesh.outbound.clusters, plan],
      endpoints: [...mesh.outbound.endpoints, { cluster: plan.name, endpoints, ...shares }],
    });
    const { action, ...route } = forwardRoute([plan.name, 1]);
    if (action.kind !== 'forward') throw new Error('no forward');
    const hashing = more.hashPolicies === undefined ? {} : { hashPolicies: more.hashPolicies };
    await reviews.route({ ...route, action: { ...action, ...hashing } });
    return plan.name;
  }

  /** Which programs answer requests that are the same but for nothing. */
  async function answering(requests: readonly { readonly path?: string; readonly headers?: Record<string, string> }[]) {
    const programs: string[] = [];
    for (const { path = '/', headers: fields = {} } of requests) {
      programs.push(echoOf(await reviews.get(path, fields)).program);
    }
    return programs;
  }

  const users = Array.from({ length: 24 }, (_, index) => `user-${index}`);

  test.each([
    ['ring-hash', { ring: { minimumSize: 1024 } }],
    ['ring-hash', {}],
    ['maglev', { ring: { tableSize: 131 } }],
    ['maglev', {}],
  ] as const)(
    'trafficPolicy.loadBalancer.consistentHash.httpHeaderName with %s %j sticks to an endpoint',
    async (loadBalancer, more) => {
      await use({ loadBalancer, ...more }, everywhere(), { hashPolicies: [{ kind: 'header', name: 'x-user' }] });
      const requests = users.map((user) => ({ headers: { 'x-user': user } }));
      const first = await answering(requests);
      expect(await answering(requests)).toEqual(first);
      expect(new Set(first).size).toBeGreaterThan(1);
    },
  );

  test('trafficPolicy.loadBalancer.consistentHash.httpQueryParameterName sticks to an endpoint', async () => {
    await use({ loadBalancer: 'ring-hash' }, everywhere(), {
      hashPolicies: [{ kind: 'query-parameter', name: 'user' }],
    });
    const requests = users.map((user) => ({ path: `/?user=${user}` }));
    const first = await answering(requests);
    expect(await answering(requests)).toEqual(first);
    expect(new Set(first).size).toBeGreaterThan(1);
  });

  test('trafficPolicy.loadBalancer.consistentHash.useSourceIp sends one client to one endpoint', async () => {
    await use({ loadBalancer: 'ring-hash' }, everywhere(), { hashPolicies: [{ kind: 'source-address' }] });
    expect(new Set(await answering(users.map(() => ({})))).size).toBe(1);
  });

  test('trafficPolicy.loadBalancer.consistentHash.httpCookie makes a cookie with path, lifetime and attributes, and sticks to it', async () => {
    const attributes = [
      { name: 'SameSite', value: 'Lax' },
      { name: 'Secure', value: '' },
    ];
    const cookie = { kind: 'cookie' as const, name: 'user', path: '/', ttlMs: 60_000, attributes };
    await use({ loadBalancer: 'ring-hash' }, everywhere(), { hashPolicies: [cookie] });
    const given = await reviews.get();
    const [line = ''] = given.headers['set-cookie'] ?? [];
    expect(line).toMatch(/^user="?[0-9a-f]+"?; Max-Age=60; Path=\/;/);
    expect(line).toContain('SameSite=Lax');
    expect(line).toContain('Secure');
    const own = { headers: { cookie: line.split(';')[0] ?? '' } };
    expect(new Set(await answering(users.map(() => own)))).toEqual(new Set([echoOf(given).program]));
    // Without a lifetime the proxy makes none.
    await use({ loadBalancer: 'ring-hash' }, everywhere(), { hashPolicies: [{ kind: 'cookie', name: 'user' }] });
    expect((await reviews.get()).headers['set-cookie']).toBeUndefined();
  });

  test.each(['round-robin', 'least-request', 'random'] as const)(
    'trafficPolicy.loadBalancer.simple %s uses all endpoints',
    async (loadBalancer) => {
      await use({ loadBalancer }, everywhere());
      const programs = await answering(Array.from({ length: 100 }, () => ({})));
      // With chance, one of four stays out of a hundred requests less than once in 10^11 times.
      expect(new Set(programs).size).toBe(4);
    },
  );

  test('trafficPolicy.loadBalancer.warmup is accepted with both balancers that have it, and PASSTHROUGH without endpoints', async () => {
    const warmup = { durationMs: 60_000, minimumPercent: 20, aggression: 2 };
    for (const loadBalancer of ['round-robin', 'least-request'] as const) {
      await use({ loadBalancer, warmup }, everywhere());
      expect((await reviews.get()).status).toBe(200);
    }
    await use({ discovery: 'original-destination' }, []);
  });

  test('listeners that pass on bytes are accepted with a tunnel, hashing and their timeouts', async () => {
    const cluster = await use({ loadBalancer: 'ring-hash', protocol: 'tcp' }, everywhere());
    const settings = { idleTimeoutMs: 0, maxConnectionDurationMs: 60_000, hashesSourceAddress: true };
    const tunnels = [{ method: 'CONNECT', host: 'far.example', port: 443 } as const, undefined];
    mesh.setOutbound({
      tcpListeners: tunnels.map((tunnel, index) => ({
        address: `127.${SUBNET}.9.${20 + index}`,
        port: 3306,
        destinations: [{ cluster, weight: 1 }],
        ...settings,
        ...(tunnel === undefined ? {} : { tunnel }),
        origin: origin(),
      })),
    });
    await reviews.settled(reviews.client);
    expect(await reviews.client.envoy.admin('/listeners')).toContain(`127.${SUBNET}.9.20_3306`);
  });

  test('a zone that is killed is left for the next one, and taken up again (004-65)', async () => {
    const outlierDetection = {
      consecutive5xxErrors: 1,
      intervalMs: 100,
      baseEjectionTimeMs: 300,
      maxEjectionPercent: 100,
    };
    const near = [A, B].map((address) => at(address, { locality: 'eu/a' }));
    const far = [C, D].map((address) => at(address, { locality: 'eu/b', priority: 1 }));
    const cluster = await use({ outlierDetection }, [...near, ...far]);
    const where = async () => new Set(await answering(Array.from({ length: 20 }, () => ({}))));
    expect(await where()).toEqual(new Set([A, B]));
    // Killed: nobody listens any more. The first failures of connections eject the endpoints.
    const gone = near.map((endpoint) => ({ ...endpoint, port: 1 }));
    await reviews.endpoints(cluster, ...gone, ...far);
    await eventually(async () => expect(await where()).toEqual(new Set([C, D])));
    await reviews.endpoints(cluster, ...near, ...far);
    await eventually(async () => expect(await where()).toEqual(new Set([A, B])));
  });

  test('trafficPolicy.loadBalancer.localityLbSetting.distribute gives shares of 80 and 20, whatever the number of endpoints', async () => {
    const endpoints = [at(A, { locality: 'eu/a' }), ...[B, C, D].map((address) => at(address, { locality: 'eu/b' }))];
    await use({ weighsLocalities: true }, endpoints, { shares: { 'eu/a': 80, 'eu/b': 20 } });
    const total = 500;
    const programs = await answering(Array.from({ length: total }, () => ({})));
    expect(isPlausible(programs.filter((program) => program === A).length, total, 0.8)).toBe(true);
    expect(isPlausible(programs.filter((program) => program === A).length, total, 0.6)).toBe(false);
  });

  test.each([
    ['v1', /^PROXY TCP4 127\.\d+\.\d+\.\d+ /],
    ['v2', /^\r\n\r\n\0\r\nQUIT\n/],
  ] as const)(
    'trafficPolicy.proxyProtocol.version %s tells the server of the client before anything else',
    async (proxyProtocol, header) => {
      await use({ proxyProtocol }, [at(`127.${SUBNET}.9.9`)]);
      expect((await reviews.get()).status).toBe(200);
      expect(headers.at(-1)?.toString('latin1')).toMatch(header);
    },
  );
});

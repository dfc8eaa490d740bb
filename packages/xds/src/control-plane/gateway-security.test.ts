import { request } from 'node:http';
import type { Server } from 'node:net';
import { connect } from 'node:net';
import type { HttpMatch, HttpServerPlan, ProxyDescriptor, RoutePlan, SecurityPlan } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerTo, startEcho } from './testing/byte-client.ts';
import { connectionTo } from './testing/connection.ts';
import { ENVOY, type RunningEnvoy } from './testing/envoy.ts';
import { call, echoOf, eventually } from './testing/http.ts';
import {
  anyRequest,
  clusterName,
  clusterPlan,
  endpointPlan,
  forwardRoute,
  inboundPort,
  origin,
  TRUST_DOMAIN,
} from './testing/plans.ts';
import { allow, authorization, deny, is, policy, provider, rule, ruleWhen } from './testing/security.ts';
import { TestMesh } from './testing/test-mesh.ts';
import { TokenIssuer } from './testing/tokens.ts';

const SUBNET = 125;
const ADDRESS = `127.${SUBNET}.3.1`;
const PLACES = { 80: { port: 18_080 }, 81: { port: 18_081 }, 3306: { port: 13_306 } };
/** Servers that are reached by Unix sockets. */
const SOCKETS = [90, 91];
const A = clusterName('a', 9080);
const B = clusterName('b', 9080);
const BYTES = clusterName('bytes', 3306);

describe.skipIf(ENVOY === undefined)('who may do what at a gateway (000-43, 000-44, 001-79)', () => {
  const issuer = new TokenIssuer('https://issuer.example');
  let mesh: TestMesh;
  let envoy: RunningEnvoy;
  let gateway: ProxyDescriptor;
  let echo: Server;

  const server = (port: number, routes: readonly RoutePlan[]): HttpServerPlan => ({
    port,
    protocol: 'http',
    routeName: `http.${port}`,
    virtualHosts: [{ name: `*:${port}`, domains: ['*'], routes, origin: origin('VirtualService') }],
    origin: origin('Gateway'),
  });

  const socketOf = (port: number) => mesh.path(`${port}.sock`);

  const secure = async (security: SecurityPlan | undefined, ...particular: readonly RoutePlan[]) => {
    const routes = [...particular, forwardRoute([A, 1])];
    mesh.model.gateways.set(gateway.id, {
      servers: [
        server(80, routes),
        ...[81, ...SOCKETS].map((port) => server(port, routes)),
        {
          port: 3306,
          protocol: 'tcp',
          chains: [{ destinations: [{ cluster: BYTES, weight: 1 }], origin: origin() }],
          origin: origin('Gateway'),
        },
      ],
      ...(security === undefined ? {} : { security }),
    });
    mesh.controlPlane.publish();
    await mesh.controlPlane.settled();
    await mesh.synced(gateway.id, envoy);
  };

  beforeAll(async () => {
    mesh = await TestMesh.start(SUBNET);
    const pods = await Promise.all(['a', 'b'].map((name) => mesh.addPod({ name, ports: [inboundPort(9080)] })));
    echo = await startEcho(ADDRESS, 23_306);
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
        ports: { ...PLACES, ...Object.fromEntries(SOCKETS.map((port) => [port, { socketPath: socketOf(port) }])) },
      },
    };
    mesh.setOutbound({
      clusters: [
        clusterPlan('a', 9080),
        clusterPlan('b', 9080),
        clusterPlan('bytes', 3306, { protocol: 'tcp', tls: { mode: 'plain' } }),
      ],
      endpoints: [
        { cluster: A, endpoints: [endpointPlan(pods[0]?.podIp ?? '', 9080)] },
        { cluster: B, endpoints: [endpointPlan(pods[1]?.podIp ?? '', 9080)] },
        { cluster: BYTES, endpoints: [endpointPlan(ADDRESS, 23_306, { mutualTls: false })] },
      ],
    });
    mesh.model.gateways.set(gateway.id, { servers: [] });
    envoy = await mesh.addProxy(gateway, 'gateway');
    await secure(undefined);
  });
  afterAll(async () => {
    echo?.close();
    await mesh?.stop();
    expect(mesh.rejections).toEqual([]);
  });

  const send = (path: string, headers: Readonly<Record<string, string>> = {}, port = 80) =>
    call(ADDRESS, PLACES[port as 80].port, path, { headers });
  const status = async (path: string, headers = {}, port = 80) => (await send(path, headers, port)).status;
  const bearer = (claims: Readonly<Record<string, unknown>>) => ({ authorization: `Bearer ${issuer.token(claims)}` });

  test('a change acts on the next request of a connection that is open', async () => {
    const open = connectionTo(ADDRESS, PLACES[80].port);
    const request = 'GET /a HTTP/1.1\r\nHost: shop.example\r\n\r\n';
    await eventually(async () => expect(await status('/a')).toBe(200));
    expect(await open.ask(request)).toMatch(/^HTTP\/1\.1 200/);
    await secure(deny(ruleWhen(is('host', { exact: 'shop.example' }))));
    expect(await open.ask(request)).toMatch(/^HTTP\/1\.1 403/);
    await secure(undefined);
    expect(await open.ask(request)).toMatch(/^HTTP\/1\.1 200/);
    open.close();
  });

  test('a token is needed where a policy asks for one, and a bad one is never good', async () => {
    const authentication = { providers: [provider(issuer)] };
    await secure({ authentication, ...allow(ruleWhen(is('request-principal', { present: true }))) });
    expect(await status('/')).toBe(403);
    expect(await status('/', bearer({}))).toBe(200);
    expect(await status('/', { authorization: 'Bearer x.y.z' })).toBe(401);
  });

  const byClaim = (claims: NonNullable<HttpMatch['claims']>): RoutePlan => ({
    ...forwardRoute([B, 1]),
    match: { ...anyRequest, claims },
  });
  const program = async (headers = {}) => echoOf(await send('/', headers)).program;

  test('VirtualService headers @request.auth.claims: claims say where a request goes', async () => {
    const authentication = { providers: [provider(issuer)] };
    const group = byClaim([{ path: ['group'], match: { exact: 'beta' } }]);
    await secure({ authentication }, group);
    expect(await program(bearer({ group: 'beta' }))).toBe('b');
    expect(await program(bearer({ group: ['alpha', 'beta'] }))).toBe('b');
    expect(await program(bearer({ group: 'alpha' }))).toBe('a');
    expect(await program()).toBe('a');
    await secure({ authentication }, byClaim([{ path: ['realm', 'role'], match: { prefix: 'adm' } }]));
    expect(await program(bearer({ realm: { role: 'admin' } }))).toBe('b');
    expect(await program(bearer({ realm: { role: 'user' } }))).toBe('a');
    await secure({ authentication }, byClaim([{ path: ['group'], match: { exact: 'alpha' }, invert: true }]));
    expect(await program(bearer({ group: 'alpha' }))).toBe('a');
    expect(await program(bearer({ group: 'beta' }))).toBe('b');
    expect(await program()).toBe('b');
  });

  test('a header is no claim', async () => {
    const group = byClaim([{ path: ['group'], match: { exact: 'beta' } }]);
    const claimHeaders = [{ header: 'x-group', claim: 'group' }];
    await secure({ authentication: { providers: [provider(issuer, { claimHeaders })] } }, group);
    const forged = { 'x-group': 'beta', 'request.auth.claims.group': 'beta' };
    const answer = echoOf(await send('/', forged));
    expect([answer.program, answer.headers['x-group']]).toEqual(['a', undefined]);
    expect(echoOf(await send('/', { ...forged, ...bearer({ group: 'alpha' }) })).headers['x-group']).toBe('alpha');
  });

  test('AuthorizationPolicy operation.ports is the port of the server, wherever it listens', async () => {
    await secure(deny(rule({ to: [[{ of: 'destination-port', anyOf: [81], noneOf: [] }]] })));
    expect([await status('/'), await status('/', {}, 81)]).toEqual([200, 403]);
    await secure(allow(rule({ to: [[{ of: 'destination-port', anyOf: [], noneOf: [81] }]] })));
    expect([await status('/'), await status('/', {}, 81)]).toEqual([200, 403]);
  });

  test('AuthorizationPolicy operation.ports errs shut where a server is reached by a socket, which has no port', async () => {
    const bySocket = (port: number) =>
      new Promise<number | undefined>((resolve, reject) => {
        request({ socketPath: socketOf(port), path: '/' }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    const answers = async () => [await status('/'), await bySocket(90), await bySocket(91)];
    const at = (...anyOf: readonly number[]) => rule({ to: [[{ of: 'destination-port', anyOf, noneOf: [] }]] });
    const notAt = (port: number) => rule({ to: [[{ of: 'destination-port', anyOf: [], noneOf: [port] }]] });
    const found: unknown[] = [];
    for (const plan of [
      deny(at(81)),
      deny(at(90)),
      allow(at(90)),
      allow(at(90, 91)),
      allow(notAt(81)),
      allow(notAt(90)),
    ]) {
      await secure(plan);
      found.push(await answers());
    }
    expect(found).toEqual([
      [200, 200, 200],
      [200, 403, 403],
      [403, 403, 403],
      [403, 200, 200],
      [200, 200, 200],
      [200, 403, 403],
    ]);
  });

  test('AuthorizationPolicy source.remoteIpBlocks: the gateway believes the connection, and no header', async () => {
    const from = (range: string) => deny(ruleWhen({ of: 'remote-ip', anyOf: [range], noneOf: [] }));
    await secure(from('203.0.113.0/24'));
    expect(await status('/', { 'x-forwarded-for': '203.0.113.9' })).toBe(200);
    await secure(from('127.0.0.0/8'));
    expect(await status('/', { 'x-forwarded-for': '203.0.113.9' })).toBe(403);
  });

  test('connections for bytes are asked, too', async () => {
    const tcp = async () => {
      const socket = connect(PLACES[3306].port, ADDRESS);
      socket.on('error', () => {});
      const answer = await answerTo(socket, 'hello');
      socket.destroy();
      return answer;
    };
    await secure(undefined);
    await eventually(async () => expect(await tcp()).toBe('hello'));
    await secure(
      authorization({ deny: [policy(rule({ to: [[{ of: 'destination-port', anyOf: [3306], noneOf: [] }]] }))] }),
    );
    await eventually(async () => expect(await tcp()).toBe('closed'));
    expect(await status('/')).toBe(200);
    await secure(allow(ruleWhen({ of: 'source-ip', anyOf: ['127.0.0.0/8'], noneOf: [] })));
    await eventually(async () => expect(await tcp()).toBe('hello'));
    await secure(allow(ruleWhen(is('path', { prefix: '/' }))));
    await eventually(async () => expect(await tcp()).toBe('closed'));
    expect(await status('/')).toBe(200);
  });
});

import type { Server } from 'node:net';
import type { InboundPortPlan, SecurityPlan } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GrpcAuthorizer, LET_IN, REFUSED, startGrpcAuthorizer } from './testing/authorizers.ts';
import { answerTo, connectAs, startEcho } from './testing/byte-client.ts';
import { ENVOY } from './testing/envoy.ts';
import { eventually } from './testing/http.ts';
import { clusterName, clusterPlan, endpointPlan, inboundPort } from './testing/plans.ts';
import {
  account,
  allow,
  authorization,
  authorizer,
  deny,
  is,
  isNot,
  policy,
  rule,
  ruleWhen,
} from './testing/security.ts';
import { type Pod, TestMesh } from './testing/test-mesh.ts';

const SUBNET = 124;
const HTTP_PORT = 9080;
const DATABASE = 3306;
const CACHE = 6379;
const EITHER = 9090;
const AUTHORIZER = clusterName('authorizer', 9000);
const AUTHORIZER_ADDRESS = `127.${SUBNET}.3.1`;

describe.skipIf(ENVOY === undefined)('who may open connections for bytes (000-43, 001-78)', () => {
  let mesh: TestMesh;
  let pod: Pod;
  let grpc: GrpcAuthorizer;
  const programs: Server[] = [];
  const ports: readonly InboundPortPlan[] = [
    inboundPort(HTTP_PORT),
    inboundPort(DATABASE, { protocol: 'tcp' }),
    inboundPort(CACHE, { protocol: 'tcp', mutualTls: 'permissive' }),
    inboundPort(EITHER, { protocol: 'auto' }),
  ];

  beforeAll(async () => {
    mesh = await TestMesh.start(SUBNET);
    grpc = await startGrpcAuthorizer(AUTHORIZER_ADDRESS);
    mesh.setOutbound({
      clusters: [clusterPlan('authorizer', 9000, { protocol: 'grpc', tls: { mode: 'plain' } })],
      endpoints: [
        { cluster: AUTHORIZER, endpoints: [endpointPlan(AUTHORIZER_ADDRESS, grpc.port, { mutualTls: false })] },
      ],
    });
    pod = await mesh.addPod({ name: 'server', ports: [inboundPort(HTTP_PORT)] });
    for (const port of [DATABASE, CACHE]) programs.push(await startEcho(pod.programIp, port));
    await mesh.addProgram('either', pod.programIp, EITHER);
    await secure(undefined);
  });
  afterAll(async () => {
    for (const program of programs) program.close();
    grpc?.server.close();
    await mesh?.stop();
    expect(mesh.rejections).toEqual([]);
  });

  const secure = async (security: SecurityPlan | undefined) => {
    mesh.setInbound(pod, ports, security);
    await mesh.controlPlane.settled();
    await mesh.synced(pod.proxy.id, pod.envoy);
  };
  const open = (serviceAccount: string, port = DATABASE, alpn?: string) =>
    connectAs(mesh, serviceAccount, pod.podIp, port, alpn);
  const tryAs = async (serviceAccount: string, port = DATABASE) => {
    const socket = await open(serviceAccount, port);
    const answer = await answerTo(socket, 'hello');
    socket.destroy();
    return answer;
  };
  const asHttp = async (serviceAccount: string, port: number, path = '/') => {
    const socket = await open(serviceAccount, port, 'istio-http');
    const answer = await answerTo(socket, `GET ${path} HTTP/1.1\r\nHost: server\r\nConnection: close\r\n\r\n`);
    socket.destroy();
    return answer.slice(9, 12);
  };

  test('DENY and ALLOW are asked of the identity of the client, and of nobody without', async () => {
    await secure(deny(ruleWhen(account('bad'))));
    expect([await tryAs('bad'), await tryAs('good')]).toEqual(['closed', 'hello']);
    await secure(allow(ruleWhen(account('good'))));
    expect([await tryAs('bad'), await tryAs('good')]).toEqual(['closed', 'hello']);
    await secure(authorization({ allow: [[policy()]] }));
    expect(await tryAs('good')).toBe('closed');
    await secure(
      authorization({ allow: [[policy(rule())], [policy(ruleWhen(isNot('principal', { suffix: 'bad' })))]] }),
    );
    expect([await tryAs('bad'), await tryAs('good')]).toEqual(['closed', 'hello']);
  });

  test('rules for requests let no connection in, and refuse every one that they fit otherwise', async () => {
    const get = is('method', { exact: 'GET' });
    await secure(allow(rule({ from: [[account('good')]], to: [[get]] })));
    expect(await tryAs('good')).toBe('closed');
    expect(await asHttp('good', HTTP_PORT)).toBe('200');
    await secure(deny(rule({ from: [[account('bad')]], to: [[is('path', { exact: '/secret' })]] })));
    expect([await tryAs('bad'), await tryAs('good')]).toEqual(['closed', 'hello']);
    expect([await asHttp('bad', HTTP_PORT), await asHttp('bad', HTTP_PORT, '/secret')]).toEqual(['200', '403']);
  });

  test('a port without declared protocol asks requests as requests and bytes as bytes', async () => {
    await secure(allow(rule({ from: [[account('good')]], to: [[is('path', { exact: '/a' })]] })));
    expect([await asHttp('good', EITHER, '/a'), await asHttp('good', EITHER, '/b')]).toEqual(['200', '403']);
    const bytes = await open('good', EITHER);
    expect(await answerTo(bytes, 'GET /a HTTP/1.1\r\nHost: server\r\n\r\n')).toBe('closed');
  });

  test('AuthorizationPolicy operation.ports: each port has the rules for it', async () => {
    const at = (port: number) => [[{ of: 'destination-port' as const, anyOf: [port], noneOf: [] }]];
    await secure(deny(rule({ to: at(DATABASE) })));
    expect([await tryAs('good'), await tryAs('good', CACHE)]).toEqual(['closed', 'hello']);
    await secure(allow(rule({ from: [[account('good')]], to: at(CACHE) }), rule({ from: [[account('other')]] })));
    expect([await tryAs('good'), await tryAs('other'), await tryAs('good', CACHE)]).toEqual([
      'closed',
      'hello',
      'hello',
    ]);
  });

  test('who is refused from now on loses open connections; other ports and requests notice nothing', async () => {
    await secure(undefined);
    const database = [await open('bad'), await open('good')];
    const cache = await open('bad', CACHE);
    const http = await open('good', HTTP_PORT, 'istio-http');
    const request = 'GET / HTTP/1.1\r\nHost: server\r\n\r\n';
    for (const socket of [...database, cache]) expect(await answerTo(socket, 'before')).toBe('before');
    expect(await answerTo(http, request)).toMatch(/^HTTP\/1\.1 200/);
    const at = [[{ of: 'destination-port' as const, anyOf: [DATABASE], noneOf: [] }]];
    await secure(deny(rule({ from: [[account('bad')]], to: at })));
    expect(await tryAs('bad')).toBe('closed');
    // The chain of the port lets go of all that it has; whoever may, comes back.
    await eventually(async () => {
      for (const socket of database) expect(await answerTo(socket, 'after')).toBe('closed');
    });
    expect(await tryAs('good')).toBe('hello');
    expect(await answerTo(cache, 'after')).toBe('after');
    expect(await answerTo(http, request)).toMatch(/^HTTP\/1\.1 200/);
    // A change of what is asked of requests is none of theirs.
    await secure(undefined);
    const kept = await open('good');
    expect(await answerTo(kept, 'before')).toBe('before');
    await secure({ authentication: { providers: [] } });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await answerTo(kept, 'after')).toBe('after');
    for (const socket of [cache, http, kept]) socket.destroy();
  });

  test('CUSTOM asks an authorizer that speaks gRPC about connections, and one of HTTP about none', async () => {
    const asks = (changes = {}) =>
      secure(
        authorization({
          external: {
            authorizer: authorizer(AUTHORIZER, changes),
            policies: [policy(ruleWhen(account('asked'), is('path', { exact: '/x' })))],
          },
        }),
      );
    await asks();
    grpc.answer = () => REFUSED;
    expect([await tryAs('asked'), await tryAs('good')]).toEqual(['closed', 'hello']);
    expect(grpc.asked).toHaveLength(1);
    expect(grpc.asked[0]?.attributes?.source?.principal).toBe('spiffe://cluster.local/ns/default/sa/asked');
    grpc.answer = () => LET_IN;
    expect(await tryAs('asked')).toBe('hello');
    await asks({ cluster: clusterName('nowhere', 1) });
    expect([await tryAs('asked'), await tryAs('good')]).toEqual(['closed', 'hello']);
    await asks({ protocol: 'http' });
    grpc.answer = () => REFUSED;
    expect(await tryAs('asked')).toBe('hello');
  });

  test('a dry run and AUDIT refuse no connection', async () => {
    const tried = { ...policy(rule()), isDryRun: true };
    await secure(authorization({ deny: [tried], allow: [[{ ...tried, rules: [] }]], audit: [policy(rule()), tried] }));
    expect(await tryAs('good')).toBe('hello');
    expect(await pod.envoy.stat('tcp.rbac.istio_dry_run_deny_.shadow_denied')).toBe(1);
  });
});

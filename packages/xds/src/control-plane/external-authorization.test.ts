import type { ExternalAuthorizer, SecurityPlan } from '@meshwise/model';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type GrpcAuthorizer,
  type HttpAuthorizer,
  LET_IN,
  REFUSED,
  startGrpcAuthorizer,
  startHttpAuthorizer,
} from './testing/authorizers.ts';
import { ENVOY } from './testing/envoy.ts';
import { type CallOptions, call, echoOf } from './testing/http.ts';
import { clusterName, clusterPlan, endpointPlan, inboundPort } from './testing/plans.ts';
import { authorization, authorizer, is, policy, ruleWhen } from './testing/security.ts';
import { type Pod, TestMesh } from './testing/test-mesh.ts';

const SUBNET = 123;
const PORT = 9080;
const ADDRESS = `127.${SUBNET}.3.1`;
const GRPC = clusterName('grpc-authorizer', 9000);
const HTTP = clusterName('http-authorizer', 8000);
const NOBODY = clusterName('no-authorizer', 9000);

describe.skipIf(ENVOY === undefined)('who is asked by AuthorizationPolicy CUSTOM (000-43, 001-80)', () => {
  let mesh: TestMesh;
  let pod: Pod;
  let grpc: GrpcAuthorizer;
  let http: HttpAuthorizer;

  beforeAll(async () => {
    mesh = await TestMesh.start(SUBNET);
    [grpc, http] = await Promise.all([startGrpcAuthorizer(ADDRESS), startHttpAuthorizer(ADDRESS)]);
    const plain = { tls: { mode: 'plain' } } as const;
    mesh.setOutbound({
      clusters: [
        clusterPlan('grpc-authorizer', 9000, { protocol: 'grpc', ...plain }),
        clusterPlan('http-authorizer', 8000, plain),
        clusterPlan('no-authorizer', 9000, { protocol: 'grpc', ...plain }),
      ],
      endpoints: [
        { cluster: GRPC, endpoints: [endpointPlan(ADDRESS, grpc.port, { mutualTls: false })] },
        { cluster: HTTP, endpoints: [endpointPlan(ADDRESS, http.port, { mutualTls: false })] },
      ],
    });
    pod = await mesh.addPod({ name: 'web', ports: [inboundPort(PORT, { mutualTls: 'disable' })] });
  });
  afterAll(async () => {
    grpc?.server.close();
    http?.server.close();
    http?.server.closeAllConnections();
    await mesh?.stop();
    expect(mesh.rejections).toEqual([]);
  });
  beforeEach(() => {
    grpc.asked.length = 0;
    http.asked.length = 0;
    grpc.answer = () => LET_IN;
    http.answer = () => ({ status: 200 });
  });

  const secure = async (security: SecurityPlan | undefined) => {
    mesh.setInbound(pod, [inboundPort(PORT, { mutualTls: 'disable' })], security);
    await mesh.controlPlane.settled();
    await mesh.synced(pod.proxy.id, pod.envoy);
  };
  const asksAt = (prefix: string) => [policy(ruleWhen(is('path', { prefix })))];
  const askOf = (cluster: string, changes: Partial<ExternalAuthorizer> = {}) =>
    secure(authorization({ external: { authorizer: authorizer(cluster, changes), policies: asksAt('/ask') } }));
  const send = (path: string, options: CallOptions = {}) => call(pod.podIp, PORT, path, options);
  const status = async (path: string, options: CallOptions = {}) => (await send(path, options)).status;

  test('only requests that a policy matches are asked about, and the answer counts', async () => {
    await askOf(GRPC);
    expect([await status('/ask'), await status('/other')]).toEqual([200, 200]);
    expect(grpc.asked.map(({ attributes }) => attributes?.request?.http?.path)).toEqual(['/ask']);
    grpc.answer = () => REFUSED;
    expect([await status('/ask'), await status('/other')]).toEqual([403, 200]);
    grpc.answer = () => ({
      ...REFUSED,
      httpResponse: { case: 'deniedResponse', value: { status: { code: 409 }, body: 'no' } },
    });
    expect(await send('/ask')).toMatchObject({ status: 409, body: 'no' });
  });

  test('CUSTOM comes before DENY and ALLOW, and each may refuse', async () => {
    const plan = {
      external: { authorizer: authorizer(GRPC), policies: asksAt('/ask') },
      deny: asksAt('/ask/secret'),
      allow: [asksAt('/ask')],
    };
    await secure(authorization(plan));
    expect(await status('/ask')).toBe(200);
    expect(await status('/ask/secret')).toBe(403);
    expect(await status('/other')).toBe(403);
    expect(grpc.asked).toHaveLength(2);
    grpc.answer = () => REFUSED;
    expect(await status('/ask')).toBe(403);
  });

  test('what only tries is never asked', async () => {
    const policies = asksAt('/').map((one) => ({ ...one, isDryRun: true }));
    await secure(authorization({ external: { authorizer: authorizer(GRPC), policies } }));
    expect(await status('/ask')).toBe(200);
    expect(grpc.asked).toEqual([]);
  });

  test('nobody answers: refused with 403, with the status that is wanted, or let in', async () => {
    await askOf(NOBODY);
    expect([await status('/ask'), await status('/other')]).toEqual([403, 200]);
    await askOf(NOBODY, { statusOnError: 503 });
    expect(await status('/ask')).toBe(503);
    await askOf(NOBODY, { failOpen: true });
    expect(await status('/ask')).toBe(200);
  });

  test('timeout: who is too slow has not answered', async () => {
    http.answer = () => undefined;
    await askOf(HTTP, { protocol: 'http', timeoutMs: 100, statusOnError: 504 });
    expect(await status('/ask')).toBe(504);
  });

  test('includeRequestBodyInCheck: the body is shown as far as wanted', async () => {
    const post = (body: string) =>
      fetch(`http://${pod.podIp}:${PORT}/ask`, { method: 'POST', body, headers: { 'content-type': 'text/plain' } });
    await askOf(GRPC, { requestBody: { maxBytes: 8 } });
    expect((await post('12345678')).status).toBe(200);
    expect((await post('123456789')).status).toBe(413);
    await askOf(GRPC, { requestBody: { maxBytes: 8, allowsPartial: true } });
    expect((await post('123456789')).status).toBe(200);
    await askOf(GRPC, { requestBody: { maxBytes: 8, allowsPartial: true, packsAsBytes: true } });
    expect((await post('ab')).status).toBe(200);
    const bodies = grpc.asked.map(({ attributes }) => attributes?.request?.http);
    expect(bodies.map((body) => body?.body)).toEqual(['12345678', '12345678', '']);
    expect(Buffer.from(bodies[2]?.rawBody ?? []).toString()).toBe('ab');
  });

  test('of HTTP: path and headers of the question', async () => {
    const asked = async (changes: Partial<ExternalAuthorizer>, options: CallOptions = {}) => {
      await askOf(HTTP, { protocol: 'http', ...changes });
      expect(await status('/ask?a=b', options)).toBe(200);
      return http.asked.at(-1);
    };
    const headers = { 'x-a': '1', 'x-b-c': '2', 'x-other': '3', authorization: 'Basic x', host: 'shop.example' };
    expect(await asked({}, { headers })).toMatchObject({ method: 'GET', url: '/ask?a=b' });
    expect(http.asked.at(-1)?.headers).toMatchObject({ authorization: 'Basic x', host: 'shop.example' });
    expect(http.asked.at(-1)?.headers).not.toHaveProperty('x-a');
    expect(await asked({ pathPrefix: '/check' }, { headers })).toMatchObject({ url: '/check/ask?a=b' });
    const included = [{ exact: 'X-A' }, { prefix: 'x-b' }];
    const shown = await asked(
      { includedRequestHeaders: included, addedCheckHeaders: { 'x-mesh': 'yes' } },
      { headers },
    );
    expect(shown?.headers).toMatchObject({ 'x-a': '1', 'x-b-c': '2', 'x-mesh': 'yes' });
    expect(shown?.headers).not.toHaveProperty('x-other');
  });

  test('of HTTP: headers of the answer reach the program, or the client, as wanted', async () => {
    http.answer = () => ({ status: 200, headers: { 'x-user': 'jane', 'x-note': 'hello', 'x-secret': 'no' } });
    await askOf(HTTP, {
      protocol: 'http',
      upstreamHeadersOnAllow: [{ exact: 'x-user' }],
      downstreamHeadersOnAllow: [{ exact: 'x-note' }],
      downstreamHeadersOnDeny: [{ prefix: 'x-why' }],
    });
    const answer = await send('/ask', { headers: { 'x-user': 'root' } });
    expect(echoOf(answer).headers['x-user']).toBe('jane');
    expect(echoOf(answer).headers['x-secret']).toBeUndefined();
    expect(answer.headers).toMatchObject({ 'x-note': 'hello' });
    http.answer = () => ({ status: 401, headers: { 'x-why-not': 'because', 'x-secret': 'no' } });
    const refused = await send('/ask');
    expect(refused).toMatchObject({ status: 401, headers: { 'x-why-not': 'because' }, body: 'from the authorizer' });
    expect(refused.headers).not.toHaveProperty('x-secret');
  });

  test('an authorizer whose cluster is not there lets nobody in, and its configuration is taken', async () => {
    for (const protocol of ['grpc', 'http'] as const) {
      await askOf(clusterName('nowhere', 1), { protocol });
      expect([protocol, await status('/ask'), await status('/other')]).toEqual([protocol, 403, 200]);
    }
  });
});

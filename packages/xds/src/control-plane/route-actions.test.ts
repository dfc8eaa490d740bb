import { createServer, type Server } from 'node:http';
import { isPlausible } from '@meshwise/core/testing';
import type { Retries, RouteAction, RoutePlan } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { statName } from '../envoy/stat-name.ts';
import { ENVOY } from './testing/envoy.ts';
import { callThrough, echoOf } from './testing/http.ts';
import {
  anyRequest,
  clusterName,
  clusterPlan,
  endpointPlan,
  forwardRoute,
  inboundPort,
  origin,
} from './testing/plans.ts';
import { PORT, ReviewsMesh, V1, V2 } from './testing/reviews-mesh.ts';

const SUBNET = 92;
const MOODY_PORT = 9085;
const MOODY = clusterName('moody', MOODY_PORT);

/** Answers as the queue says, then 200; counts requests. */
class MoodyProgram {
  readonly answers: number[] = [];
  readonly attempts: (string | undefined)[] = [];
  #server: Server | undefined;

  async start(address: string): Promise<void> {
    this.#server = createServer((request, response) => {
      this.attempts.push(request.headers['x-envoy-attempt-count'] as string | undefined);
      const status = this.answers.shift() ?? 200;
      if (status === 0) return void setTimeout(() => response.end('late'), 1_000);
      response.writeHead(status).end(String(status));
    });
    await new Promise<void>((resolve) => this.#server?.listen(MOODY_PORT, address, resolve));
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }
}

describe.skipIf(ENVOY === undefined)('VirtualService http actions on Envoy (000-31, 001-43)', () => {
  let reviews: ReviewsMesh;
  const moody = new MoodyProgram();

  beforeAll(async () => {
    reviews = await ReviewsMesh.start(SUBNET);
    const { mesh, v2 } = reviews;
    await moody.start(v2.programIp);
    mesh.setInbound(v2, [inboundPort(PORT), inboundPort(MOODY_PORT)]);
    mesh.setOutbound({ clusters: [...mesh.outbound.clusters, clusterPlan('reviews', MOODY_PORT, { name: MOODY })] });
    await reviews.endpoints(MOODY, endpointPlan(v2.podIp, MOODY_PORT));
    await reviews.settled(v2);
  });
  afterAll(async () => {
    moody.stop();
    await reviews?.mesh.stop();
    expect(reviews.mesh.rejections).toEqual([]);
  });

  const act = (action: RouteAction, match: RoutePlan['match'] = anyRequest) =>
    reviews.route({ match, action, origin: origin() });
  const to = (cluster: string, more: Partial<Extract<RouteAction, { kind: 'forward' }>> = {}) =>
    act({ kind: 'forward', destinations: [{ cluster, weight: 1 }], ...more });
  const from = (path: string, host = `reviews:${PORT}`) =>
    callThrough(reviews.client.podIp, `http://reviews:${PORT}${path}`, { headers: { host } });

  describe('redirect', () => {
    const prefix = { ...anyRequest, path: { prefix: '/old' } };
    test.each<readonly [string, Partial<Extract<RouteAction, { kind: 'redirect' }>>, string]>([
      ['uri', { path: '/new' }, `http://reviews:${PORT}/new?y=1`],
      ['prefixRewrite', { pathPrefix: '/new' }, `http://reviews:${PORT}/new/x?y=1`],
      ['authority', { authority: 'elsewhere' }, 'http://elsewhere/old/x?y=1'],
      ['port', { port: 8080 }, 'http://reviews:8080/old/x?y=1'],
      ['derivePort', { port: 'protocol-default', authority: 'elsewhere' }, 'http://elsewhere/old/x?y=1'],
      ['scheme', { scheme: 'https', authority: 'elsewhere' }, 'https://elsewhere/old/x?y=1'],
    ])('VirtualService http.redirect.%s says where to', async (_, change, location) => {
      await act({ kind: 'redirect', status: 302, ...change }, prefix);
      const answer = await reviews.get('/old/x?y=1');
      expect([answer.status, answer.headers.location]).toEqual([302, location]);
    });

    test.each([301, 302, 303, 307, 308])('VirtualService http.redirect.redirectCode %d is answered', async (status) => {
      await act({ kind: 'redirect', path: '/', status });
      expect((await reviews.get()).status).toBe(status);
    });
  });

  test('VirtualService http.directResponse.body.bytes comes as it is', async () => {
    await act({ kind: 'respond', status: 200, bodyBase64: Buffer.from('a\u0000b').toString('base64') });
    expect(await reviews.get()).toMatchObject({ status: 200, body: 'a\u0000b' });
  });

  describe('rewrite', () => {
    test('VirtualService http.rewrite.uri replaces the prefix, or all of an exact and a regex match', async () => {
      const rewrite = { path: '/new' };
      const forward: RouteAction = { kind: 'forward', destinations: [{ cluster: V1, weight: 1 }], rewrite };
      await act(forward, { ...anyRequest, path: { prefix: '/old' } });
      expect(echoOf(await reviews.get('/old/a?b=1')).url).toBe('/new/a?b=1');
      await act(forward, { ...anyRequest, path: { exact: '/old/a' } });
      expect(echoOf(await reviews.get('/old/a?b=1')).url).toBe('/new?b=1');
      await act(forward, { ...anyRequest, path: { regex: '/old/.*' } });
      expect(echoOf(await reviews.get('/old/a?b=1')).url).toBe('/new?b=1');
    });

    test('VirtualService http.rewrite.uriRegexRewrite uses groups, named ones by their number', async () => {
      const pathRegex = { pattern: '^/(?P<first>[^/]+)/([^/]+)', substitution: '/\\2/\\1' };
      await to(V1, { rewrite: { pathRegex } });
      expect(echoOf(await reviews.get('/a/b/c')).url).toBe('/b/a/c');
    });
  });

  describe('several destinations', () => {
    test('VirtualService http.route.weight gives each its share, and fractions too', async () => {
      await act({
        kind: 'forward',
        destinations: [
          { cluster: V1, weight: 33.3 },
          { cluster: V2, weight: 66.7 },
        ],
      });
      let toV1 = 0;
      for (let index = 0; index < 300; index += 1) if (echoOf(await reviews.get()).program === 'reviews-v1') toV1 += 1;
      expect(isPlausible(toV1, 300, 0.333), `${toV1} of 300`).toBe(true);
    });

    test('VirtualService http.route.headers belong to the share that goes to the destination', async () => {
      const headersOf = (value: string) => ({
        requestHeaders: { set: { 'x-share': value, host: `${value}.example` }, add: {}, remove: ['x-gone'] },
        responseHeaders: { set: { 'x-from': value }, add: {}, remove: [] },
      });
      const one = { cluster: V1, weight: 1, ...headersOf('one') };
      const two = { cluster: V2, weight: 1, ...headersOf('two') };
      const ask = async () => {
        const answer = await reviews.get('/', { 'x-gone': '1' });
        const { headers } = echoOf(answer);
        return [headers['x-share'], headers.host, headers['x-gone'], answer.headers['x-from']];
      };
      await act({ kind: 'forward', destinations: [one, two] });
      const seen = new Set<string>();
      for (let index = 0; index < 40; index += 1) {
        const [share, ...rest] = await ask();
        seen.add(String(share));
        expect(rest).toEqual([`${share}.example`, undefined, share]);
      }
      expect([...seen].sort()).toEqual(['one', 'two']);
      await act({ kind: 'forward', destinations: [one] });
      expect(await ask()).toEqual(['one', 'one.example', undefined, 'one']);
    });
  });

  describe('retries', () => {
    const retrying = async (retries: Retries, answers: readonly number[]) => {
      await to(MOODY, { retries });
      moody.answers.splice(0, moody.answers.length, ...answers);
      moody.attempts.length = 0;
      const { status } = await reviews.get();
      return [status, moody.attempts.length];
    };

    test.each<readonly [string, Retries, readonly number[], readonly number[]]>([
      ['attempts', { attempts: 2, retryOn: '5xx' }, [500, 500], [200, 3]],
      ['attempts that are too few', { attempts: 1, retryOn: '5xx' }, [500, 502], [502, 2]],
      ['attempts 0', { attempts: 0, retryOn: '5xx' }, [500], [500, 1]],
      ['retryOn status codes', { attempts: 3, retryOn: '418,409' }, [418, 409], [200, 3]],
      ['retryOn other conditions', { attempts: 3, retryOn: 'gateway-error' }, [500], [500, 1]],
      ['perTryTimeout', { attempts: 1, retryOn: '5xx', perTryTimeoutMs: 100 }, [0], [200, 2]],
      ['backoff', { attempts: 1, retryOn: '5xx', backoffMs: 1 }, [500], [200, 2]],
      ['retryIgnorePreviousHosts', { attempts: 1, retryOn: '5xx', ignorePreviousHosts: false }, [500], [200, 2]],
      ['retryRemoteLocalities', { attempts: 1, retryOn: '5xx', otherLocalities: true }, [500], [200, 2]],
    ])('VirtualService http.retries.%s', async (_, retries, answers, expected) => {
      expect(await retrying(retries, answers)).toEqual(expected);
    });

    test('a program learns which attempt it is', async () => {
      await retrying({ attempts: 2, retryOn: '5xx' }, [500, 500]);
      expect(moody.attempts).toEqual(['1', '2', '3']);
    });
  });

  test('VirtualService http.timeout ends a request, whatever its gRPC client would wait', async () => {
    await to(V1, { timeoutMs: 100 });
    const answer = await reviews.get('/slow', { 'content-type': 'application/grpc', 'grpc-timeout': '10S' });
    // UNAVAILABLE, as gRPC reads 504.
    expect(answer.headers['grpc-status']).toBe('14');
    expect((await reviews.get('/slow')).status).toBe(504);
  });

  test('VirtualService http.match.statPrefix counts requests of the route', async () => {
    await reviews.route({ ...forwardRoute([V1, 1]), statPrefix: 'beta' });
    await reviews.get();
    const { admin } = reviews.client.envoy;
    expect(await admin('/stats?filter=beta.upstream_rq_total')).toMatch(/\.beta\.upstream_rq_total: 1/);
  });

  test('VirtualService http.mirror gets a copy with the host of the request, and nobody waits for it', async () => {
    await to(V1, { mirrors: [{ cluster: MOODY, percent: 100 }] });
    moody.answers.splice(0, moody.answers.length, 0);
    moody.attempts.length = 0;
    expect(echoOf(await reviews.get()).program).toBe('reviews-v1');
    await expect.poll(() => moody.attempts.length).toBe(1);
  });

  test('VirtualService http.mirrors get the share that each names', async () => {
    await to(V1, {
      mirrors: [
        { cluster: MOODY, percent: 40 },
        { cluster: V2, percent: 0.0001 },
      ],
    });
    moody.attempts.length = 0;
    const v2Requests = `cluster.${statName(V2)}.upstream_rq_total`;
    const before = await reviews.client.envoy.stat(v2Requests);
    for (let index = 0; index < 250; index += 1) await reviews.get();
    await expect.poll(() => isPlausible(moody.attempts.length, 250, 0.4)).toBe(true);
    expect(isPlausible((await reviews.client.envoy.stat(v2Requests)) - before, 250, 0.000001)).toBe(true);
  });

  test('no port in a Host header is no other host', async () => {
    await to(V1);
    expect((await from('/', 'reviews')).status).toBe(200);
  });
});

import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { app } from './harness/app.ts';
import { bookinfoForAll, CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { eventually, pause } from './harness/eventually.ts';
import { send } from './harness/http.ts';
import { underLoad } from './harness/load.ts';
import type { TestMesh } from './harness/mesh.ts';
import { networking, trafficPolicy } from './harness/policies.ts';
import { sumOfStats } from './harness/stats.ts';

/** Names of the programs of the chain, in the order in which they call each other. */
const CHAIN = ['web', 'foo', 'bar', 'database'] as const;

describe.skipIf(!CAN_RUN_AS_ROOT)(
  'TrafficPolicies in a running mesh (needs Envoy, root and namespaces)',
  { timeout: 90_000 },
  () => {
    let mesh: TestMesh;
    bookinfoForAll((started) => {
      mesh = started;
    });
    beforeAll(async () => {
      await mesh.untilReady();
      await mesh.apply(...CHAIN.map((name) => app(name, { image: 'test/hop:1' })));
      await eventually(async () => expect((await ask('web', '/?via=foo:0,bar:0,database:0')).status).toBe(200));
    }, 180_000);
    afterEach(async () => {
      await mesh.delete('trafficpolicies', ['policy']);
    });

    const ask = (name: string, path = '/', headers: Record<string, string> = {}) =>
      send(`${mesh.gateway}${path}`, { headers: { host: `${name}.test`, ...headers } });
    const forService = (name: string) => ({ targetRefs: [{ kind: 'Service', name }] });

    test('a deadline is given at the first hop, and every hop sees what is left of it (004-117)', async () => {
      await mesh.apply(trafficPolicy('policy', { ...forService('web'), deadline: '20s' }));
      const delays = [104, 68, 248];
      const path = `/?ms=${delays[0]}&via=foo:${delays[1]},bar:${delays[2]},database:0`;
      const hops = await eventually(async () => {
        const { status, body } = await ask('web', path);
        const seen = JSON.parse(body) as { leftMs: number | null }[];
        expect({ status, hops: seen.length, unseen: seen.filter(({ leftMs }) => leftMs === null) }).toEqual({
          status: 200,
          hops: CHAIN.length,
          unseen: [],
        });
        return seen.map(({ leftMs }) => leftMs ?? 0);
      });
      for (const [index, delayMs] of delays.entries()) {
        expect(hops[index + 1]).toBeLessThanOrEqual((hops[index] ?? 0) - delayMs);
      }
    });

    test('a request that cannot be done in time ends where its time ends, also further inside (004-117)', async () => {
      await mesh.apply(trafficPolicy('policy', { ...forService('web'), deadline: '300ms' }));
      await eventually(async () => {
        expect((await ask('web', '/?ms=100&via=foo:100,bar:5000,database:0')).status).toBe(504);
      });
      // The last hop was never reached: who had no time left did not call on.
      const before = await sumOfStats(mesh, 'default/database', 'cluster\\.inbound.*upstream_rq_total');
      expect((await ask('web', '/?ms=100&via=foo:100,bar:5000,database:0')).status).toBe(504);
      await pause(500);
      expect(await sumOfStats(mesh, 'default/database', 'cluster\\.inbound.*upstream_rq_total')).toBe(before);
    });

    test('a global limit counts for all replicas together, and apart for every user (000-31)', async () => {
      await mesh.apply(app('limited', { image: 'test/hop:1' }));
      await eventually(async () => expect((await ask('limited')).status).toBe(200));
      const global = [{ name: 'per-user', requests: 20, per: '24h', by: [{ header: 'x-user' }] }];
      await mesh.apply(trafficPolicy('policy', { ...forService('limited'), rateLimit: { global } }));
      await eventually(async () => expect(await statusesOf('warm-up', 30)).toMatchObject({ 429: expect.any(Number) }));
      expect(await statusesOf('ann', 30)).toEqual({ 200: 20, 429: 10 });
      expect(await statusesOf('bob', 5)).toEqual({ 200: 5 });

      // The service is a process of its own: without it requests pass, as the rule says, and it comes back.
      const { pids } = await mesh.traces();
      process.kill(pids['rate-limit'] ?? 0, 'SIGKILL');
      expect(await statusesOf('ann', 3)).toEqual({ 200: 3 });
      await eventually(async () => expect((await mesh.traces()).pids['rate-limit']).not.toBe(pids['rate-limit']));
    });

    const statusesOf = async (user: string, count: number) => {
      const statuses: Record<number, number> = {};
      for (let index = 0; index < count; index += 1) {
        const { status } = await ask('limited', '/', { 'x-user': user });
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
      return statuses;
    };

    test('an active health check takes out an endpoint that answers requests and is not well (004-22)', async () => {
      const twice = JSON.parse(app('checked', { image: 'test/hop:1' }).split('\n---\n')[0] ?? '') as {
        spec: { replicas?: number };
      };
      twice.spec.replicas = 2;
      await mesh.apply(app('checked', { image: 'test/hop:1' }), JSON.stringify(twice));
      await eventually(async () => expect((await podsOf('checked', 20)).size).toBe(2));
      const healthCheck = { http: { path: '/live' }, interval: '200ms', unhealthyThreshold: 1, healthyThreshold: 1 };
      await mesh.apply(trafficPolicy('policy', { ...forService('checked'), healthCheck }));
      const { pod } = JSON.parse((await ask('checked', '/not-live?ms=4000')).body) as { pod: string };
      await eventually(async () => expect(await podsOf('checked', 20)).not.toContain(pod));
      await eventually(async () => expect(await podsOf('checked', 20)).toContain(pod));
    });

    const podsOf = async (name: string, count: number): Promise<ReadonlySet<string>> => {
      const pods = new Set<string>();
      for (let index = 0; index < count; index += 1) {
        const [seen] = JSON.parse((await ask(name)).body) as { pod: string }[];
        if (seen !== undefined) pods.add(seen.pod);
      }
      return pods;
    };

    test('a bulkhead refuses what a program would have to do at once beyond it (004-21)', async () => {
      await mesh.apply(trafficPolicy('policy', { ...forService('database'), bulkhead: { maxRequests: 2 } }));
      const overflow = () => sumOfStats(mesh, 'default/database', 'inbound.*upstream_rq_(active|pending)_overflow');
      await eventually(async () => {
        const before = await overflow();
        const answers = await Promise.all(Array.from({ length: 10 }, () => ask('database', '/?ms=300')));
        const refused = answers.filter(({ status }) => status === 503).length;
        expect(refused).toBe(8);
        expect((await overflow()) - before).toBe(refused);
      });
    });

    test('policies come and go under load without a failed request (000-29)', async () => {
      const { failed, total } = await underLoad(
        async () => `${(await ask('web', '/?via=foo:0')).status}`.replace('200', 'ok'),
        async () => {
          for (const spec of [
            { deadline: '30s' },
            { rateLimit: { local: { requests: 100_000, per: '1s' } } },
            { bulkhead: { maxRequests: 10_000 } },
            { healthCheck: { tcp: {}, interval: '500ms' }, retryBudget: { percent: 20 } },
            { rateLimit: { global: [{ name: 'all', requests: 1_000_000, per: '1s' }] } },
          ]) {
            await mesh.apply(trafficPolicy('policy', { ...forService('foo'), ...spec }));
            await pause(400);
          }
          await mesh.delete('trafficpolicies', ['policy']);
        },
      );
      expect(failed).toEqual({});
      expect(total).toBeGreaterThan(50);
    });

    test('a circuit breaker overflows as often as requests are refused (004-21, 004-119)', async () => {
      const connectionPool = { tcp: { maxConnections: 1 }, http: { http1MaxPendingRequests: 1 } };
      await mesh.apply(
        networking('DestinationRule', 'breaker', { host: 'database', trafficPolicy: { connectionPool } }),
      );
      const gateway = 'istio-system/istio-ingressgateway';
      const overflow = () =>
        sumOfStats(
          mesh,
          gateway,
          'outbound_8080__database.*upstream_rq_pending_overflow|outbound.8080..database.*upstream_rq_pending_overflow',
        );
      await eventually(async () => {
        const before = await overflow();
        const answers = await Promise.all(Array.from({ length: 6 }, () => ask('database', '/?ms=300')));
        const refused = answers.filter(({ status }) => status === 503).length;
        expect(refused).toBeGreaterThan(0);
        expect((await overflow()) - before).toBe(refused);
      });
      await mesh.delete('destinationrules', ['breaker']);
    });
  },
);

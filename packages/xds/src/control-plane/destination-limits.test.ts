import { createServer, type Server } from 'node:http';
import type { ConnectionPool, OutlierDetection } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { statName } from '../envoy/stat-name.ts';
import { ENVOY } from './testing/envoy.ts';
import { eventually } from './testing/http.ts';
import { clusterPlan, endpointPlan, forwardRoute } from './testing/plans.ts';
import { PORT, ReviewsMesh } from './testing/reviews-mesh.ts';
import type { Pod, TestMesh } from './testing/test-mesh.ts';

const SUBNET = 86;

/** A program outside the mesh that answers when it is told to, and counts what it is asked. */
class HeldProgram {
  readonly #server: Server;
  readonly #waiting: (() => void)[] = [];
  asked = 0;
  connections = 0;
  status = 200;
  holds = false;

  constructor(server: Server) {
    this.#server = server;
  }

  static async start(address: string, port: number): Promise<HeldProgram> {
    const server = createServer();
    const program = new HeldProgram(server);
    server.on('connection', () => {
      program.connections += 1;
    });
    server.on('request', (_, response) => {
      program.asked += 1;
      const answer = () => {
        response.statusCode = program.status;
        response.end();
      };
      if (program.holds) program.#waiting.push(answer);
      else answer();
    });
    await new Promise<void>((resolve) => server.listen(port, address, resolve));
    return program;
  }

  release(): void {
    this.holds = false;
    for (const answer of this.#waiting.splice(0)) answer();
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe.skipIf(ENVOY === undefined)(
  'DestinationRule connectionPool, outlierDetection and retryBudget on Envoy',
  () => {
    let reviews: ReviewsMesh;
    let mesh: TestMesh;
    let client: Pod;
    let held: HeldProgram;
    let other: HeldProgram;
    let clusters = 0;

    beforeAll(async () => {
      reviews = await ReviewsMesh.start(SUBNET);
      ({ mesh, client } = reviews);
      held = await HeldProgram.start(`127.${SUBNET}.9.1`, PORT);
      other = await HeldProgram.start(`127.${SUBNET}.9.2`, PORT);
    });
    afterAll(async () => {
      held?.stop();
      other?.stop();
      await mesh?.stop();
      expect(mesh.rejections).toEqual([]);
    });

    /** A cluster of its own for each test, so that statistics begin at zero; returns how to read them. */
    async function use(
      settings: { readonly connectionPool?: ConnectionPool; readonly outlierDetection?: OutlierDetection },
      ...places: readonly string[]
    ) {
      clusters += 1;
      const plan = clusterPlan('reviews', PORT, { subset: `test${clusters}`, tls: { mode: 'plain' }, ...settings });
      const endpoints = places.map((address) => endpointPlan(address, PORT, { mutualTls: false }));
      mesh.setOutbound({
        clusters: [...mesh.outbound.clusters, plan],
        endpoints: [...mesh.outbound.endpoints, { cluster: plan.name, endpoints }],
      });
      await reviews.route(forwardRoute([plan.name, 1]));
      return {
        name: plan.name,
        stat: (name: string) => client.envoy.stat(`cluster.${statName(plan.name)}.${name}`),
      };
    }
    const first = () => `127.${SUBNET}.9.1`;
    const second = () => `127.${SUBNET}.9.2`;

    test('trafficPolicy.connectionPool.http.http1MaxPendingRequests and tcp.maxConnections overflow with 503', async () => {
      const cluster = await use({ connectionPool: { maxConnections: 1, maxPendingRequests: 1 } }, first());
      held.holds = true;
      const running = reviews.get();
      await eventually(async () => expect(await cluster.stat('upstream_rq_active')).toBe(1));
      const waiting = reviews.get();
      await eventually(async () => expect(await cluster.stat('upstream_rq_pending_active')).toBe(1));
      expect((await reviews.get()).status).toBe(503);
      expect(await cluster.stat('upstream_rq_pending_overflow')).toBe(1);
      held.release();
      expect([(await running).status, (await waiting).status]).toEqual([200, 200]);
      expect(await cluster.stat('upstream_cx_total')).toBe(1);
    });

    test('trafficPolicy.connectionPool.http.http2MaxRequests overflows with 503', async () => {
      const cluster = await use({ connectionPool: { maxRequests: 1 } }, first());
      held.holds = true;
      const running = reviews.get();
      await eventually(async () => expect(await cluster.stat('upstream_rq_active')).toBe(1));
      expect((await reviews.get()).status).toBe(503);
      held.release();
      expect((await running).status).toBe(200);
      expect(await cluster.stat('upstream_rq_active_overflow')).toBe(1);
    });

    test('trafficPolicy.connectionPool.http.maxRequestsPerConnection closes a connection after as many', async () => {
      await use({ connectionPool: { maxRequestsPerConnection: 1 } }, first());
      const before = held.connections;
      for (let index = 0; index < 3; index += 1) await reviews.get();
      expect(held.connections - before).toBe(3);
    });

    test('trafficPolicy.connectionPool.http.idleTimeout and tcp.maxConnectionDuration close connections', async () => {
      const idle = await use({ connectionPool: { idleTimeoutMs: 100 } }, first());
      await reviews.get();
      await eventually(async () => expect(await idle.stat('upstream_cx_idle_timeout')).toBe(1));
      const short = await use({ connectionPool: { maxConnectionDurationMs: 100 } }, first());
      await reviews.get();
      await eventually(async () => expect(await short.stat('upstream_cx_max_duration_reached')).toBe(1));
    });

    test('trafficPolicy.connectionPool.tcp.tcpKeepalive, connectTimeout and all the rest are accepted', async () => {
      await use(
        {
          connectionPool: {
            maxRetries: 3,
            tcpKeepalive: { probes: 3, timeMs: 7_200_000, intervalMs: 75_000 },
            tcpIdleTimeoutMs: 0,
            maxConcurrentStreams: 10,
          },
        },
        first(),
      );
      expect((await reviews.get()).status).toBe(200);
    });

    test('trafficPolicy.retryBudget stops retries above its share, and connectionPool.http.maxRetries above its number', async () => {
      for (const connectionPool of [{ retryBudget: { percent: 0, minConcurrency: 1 } }, { maxRetries: 1 }]) {
        const cluster = await use({ connectionPool }, first(), second());
        const retries = { attempts: 2, retryOn: '5xx', backoffMs: 100 };
        const { action, ...route } = forwardRoute([cluster.name, 1]);
        if (action.kind !== 'forward') throw new Error('no forward');
        await reviews.route({ ...route, action: { ...action, retries } });
        held.status = other.status = 500;
        // Each of them waits for its next attempt, which counts as a retry that is under way.
        const statuses = await Promise.all([1, 2, 3, 4].map(async () => (await reviews.get()).status));
        held.status = other.status = 200;
        expect(statuses).toEqual([500, 500, 500, 500]);
        expect(await cluster.stat('upstream_rq_retry_overflow')).toBeGreaterThan(0);
        expect(await cluster.stat('upstream_rq_retry')).toBeGreaterThan(0);
      }
    });

    test('trafficPolicy.outlierDetection.consecutive5xxErrors ejects an endpoint, and it comes back after baseEjectionTime', async () => {
      const outliers = { consecutive5xxErrors: 3, intervalMs: 100, baseEjectionTimeMs: 500, maxEjectionPercent: 100 };
      const cluster = await use({ outlierDetection: outliers }, first(), second());
      held.status = 500;
      await eventually(async () => {
        await reviews.get();
        expect(await cluster.stat('outlier_detection.ejections_active')).toBe(1);
      });
      held.status = 200;
      const before = held.asked;
      await eventually(async () => expect(await cluster.stat('outlier_detection.ejections_active')).toBe(0));
      expect(held.asked).toBe(before);
      await eventually(async () => {
        await reviews.get();
        expect(held.asked).toBeGreaterThan(before);
      });
      expect(await cluster.stat('outlier_detection.ejections_enforced_consecutive_5xx')).toBe(1);
    });

    test('trafficPolicy.outlierDetection.consecutiveGatewayErrors counts 502, 503 and 504 only', async () => {
      const outliers = { consecutive5xxErrors: 0, consecutiveGatewayErrors: 2, maxEjectionPercent: 100 };
      const cluster = await use({ outlierDetection: outliers }, first());
      held.status = 500;
      for (let index = 0; index < 6; index += 1) await reviews.get();
      expect(await cluster.stat('outlier_detection.ejections_active')).toBe(0);
      held.status = 503;
      for (let index = 0; index < 2; index += 1) await reviews.get();
      held.status = 200;
      expect(await cluster.stat('outlier_detection.ejections_enforced_consecutive_gateway_failure')).toBe(1);
      // The only endpoint is ejected, and without minHealthPercent an ejected one gets nothing.
      expect((await reviews.get()).status).toBe(503);
    });

    test('trafficPolicy.outlierDetection.minHealthPercent lets ejected endpoints serve when too few are left', async () => {
      const outliers = { consecutive5xxErrors: 1, maxEjectionPercent: 100, minHealthPercent: 60 };
      const cluster = await use({ outlierDetection: outliers }, first());
      held.status = 500;
      await reviews.get();
      held.status = 200;
      expect(await cluster.stat('outlier_detection.ejections_active')).toBe(1);
      expect((await reviews.get()).status).toBe(200);
      expect(await cluster.stat('lb_healthy_panic')).toBeGreaterThan(0);
    });

    test('trafficPolicy.outlierDetection.splitExternalLocalOriginErrors looks at failed connections apart from answers', async () => {
      const outliers = {
        consecutive5xxErrors: 0,
        splitExternalLocalOriginErrors: true,
        consecutiveLocalOriginFailures: 2,
        maxEjectionPercent: 100,
      };
      // Nobody listens there.
      const cluster = await use({ outlierDetection: outliers }, `127.${SUBNET}.9.3`);
      for (let index = 0; index < 2; index += 1) await reviews.get();
      expect(await cluster.stat('outlier_detection.ejections_enforced_consecutive_local_origin_failure')).toBe(1);
    });
  },
);

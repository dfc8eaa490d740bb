import type { TrafficFunction } from '../function.ts';
import { PROBE } from '../probe/manifests.ts';
import { CLUSTER, type Probes } from '../probe/probes.ts';
import { destination, policy } from './manifests.ts';

/** Envoy's figure for what is not limited. */
const UNLIMITED = 4_294_967_295;

/** What keeps a service from being overrun, none of it reached here, and what finds out and chooses its endpoints. */
export const LIMITS: readonly TrafficFunction[] = [
  {
    name: 'local rate limit (not reached)',
    on: policy('rateLimit: { local: { requests: 1000000, per: 1s } }'),
    evidence: rateLimit,
  },
  {
    name: 'global rate limit (not reached)',
    on: policy('rateLimit: { global: [{ name: all, requests: 1000000, per: 1s }] }'),
    evidence: rateLimit,
  },
  {
    name: 'deadline (17 s)',
    on: policy('deadline: 17s'),
    evidence: async (probes) =>
      (await probes.askOnce({ 'x-meshwise-deadline': '1' })).status === 504
        ? 'a deadline that is over is answered'
        : undefined,
  },
  {
    name: 'active health check (every second)',
    on: policy('healthCheck: { http: { path: /health }, interval: 1s }'),
    evidence: async (probes) => {
      const attempts = (await probes.stats(PROBE, CLUSTER)).get(`${CLUSTER}.health_check.attempt`);
      return attempts === undefined || attempts === 0 ? undefined : `${attempts} checks`;
    },
  },
  {
    name: 'outlier detection',
    on: destination('{ outlierDetection: { consecutive5xxErrors: 5, interval: 1s, baseEjectionTime: 30s } }'),
    evidence: async (probes) => {
      const active = (await probes.stats(PROBE, CLUSTER)).get(`${CLUSTER}.outlier_detection.ejections_active`);
      return active === undefined ? undefined : 'the sidecar counts ejections';
    },
  },
  {
    name: 'connection pool limits (not reached)',
    on: destination(
      '{ connectionPool: { tcp: { maxConnections: 1000 }, http: { http1MaxPendingRequests: 1000, http2MaxRequests: 1000 } } }',
    ),
    evidence: async (probes) => {
      const name = `${CLUSTER}.circuit_breakers.default.remaining_rq`;
      const left = (await probes.stats(PROBE, CLUSTER)).get(name) ?? UNLIMITED;
      return left <= 1_000 ? `${left} requests may be under way` : undefined;
    },
  },
  {
    name: 'consistent hash (by header)',
    on: destination('{ loadBalancer: { consistentHash: { httpHeaderName: x-bench-user } } }'),
    headers: { 'x-bench-user': 'reader' },
    evidence: async (probes) => {
      const size = (await probes.stats(PROBE, CLUSTER)).get(`${CLUSTER}.ring_hash_lb.size`);
      return size === undefined || size === 0 ? undefined : `a ring of ${size}`;
    },
  },
];

async function rateLimit(probes: Probes): Promise<string | undefined> {
  const limit = (await probes.askOnce()).headers['x-ratelimit-limit'];
  return limit === undefined ? undefined : `x-ratelimit-limit: ${String(limit)}`;
}

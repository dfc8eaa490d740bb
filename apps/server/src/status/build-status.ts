import type { StatusView } from '@meshwise/api';
import { callViews } from './calls-view.ts';
import { conditionViews } from './conditions-view.ts';
import { gatewayViews } from './gateways-view.ts';
import { proxyViews } from './proxies-view.ts';
import { serviceViews } from './services-view.ts';
import type { Snapshot } from './snapshot.ts';
import { sumUse } from './traffic.ts';
import { workloadViews } from './workloads-view.ts';

export interface StatusFacts {
  readonly nowMs: number;
  readonly version: string;
  readonly lifecycle: 'starting' | 'running' | 'stopping';
  /** True until everything has been well once: what is not ready then is on its way, not broken. */
  readonly settling: boolean;
  readonly mesh: StatusView['mesh'];
  readonly clusterDomain: string;
  readonly addresses: StatusView['addresses'];
  readonly daemon: { readonly pid: number; readonly startedAt: string };
}

/** The status page's whole content. Pure: what it says follows from the snapshot. */
export function buildStatus(snapshot: Snapshot, facts: StatusFacts): StatusView {
  const workloads = workloadViews(snapshot);
  const proxies = proxyViews(snapshot);
  const services = serviceViews(snapshot, facts.clusterDomain);
  const gateways = gatewayViews(snapshot);
  const conditions = conditionViews(snapshot.residues);
  const troubled =
    [...services, ...gateways].some(({ health }) => health === 'failing') ||
    conditions.some(({ severity }) => severity === 'error') ||
    workloads.some((workload) => workload.health === 'failing' || workload.health === 'degraded') ||
    // Whether an attached process runs is somebody else's business.
    proxies.some((proxy) => !proxy.synced && (proxy.connected || proxy.attached === undefined));
  const { samples } = snapshot;
  return {
    at: new Date(facts.nowMs).toISOString(),
    version: facts.version,
    state: stateOf(facts, troubled),
    mesh: facts.mesh,
    addresses: facts.addresses,
    daemon: { ...facts.daemon, use: sumUse([samples.use.get(facts.daemon.pid)]) },
    services,
    workloads,
    proxies,
    gateways,
    calls: callViews(snapshot, proxies, facts.clusterDomain),
    conditions,
    measuredAt: samples.atMs === undefined ? null : new Date(samples.atMs).toISOString(),
    measureIntervalMs: samples.intervalMs,
  };
}

function stateOf({ lifecycle, settling }: StatusFacts, troubled: boolean): StatusView['state'] {
  if (lifecycle !== 'running') return lifecycle;
  if (!troubled) return 'ready';
  return settling ? 'starting' : 'degraded';
}

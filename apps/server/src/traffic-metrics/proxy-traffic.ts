import { readDetailedStats } from '../metrics/detailed-stats.ts';
import { clusterStatsOf } from '../shift/cluster-stats.ts';
import { type Figures, NO_FIGURES, since, sumOf } from './figures.ts';

/** What one proxy did with requests, since it began or in a window. */
export interface ProxyTraffic {
  /** What came to its workload, whoever answered it; at a gateway what came from outside. */
  readonly served: Figures;
  /** What it sent on, by the name of the cluster. */
  readonly sent: ReadonlyMap<string, Figures>;
}

/** Probes of the daemon come by another listener, so they are not among the requests. */
const DOWNSTREAM = 'http\\.(in|out)bound_.*\\.downstream_rq_(completed|5xx|time)';
/** The name of a cluster ends with a semicolon, since it has dots of its own. */
const UPSTREAM = 'cluster\\.outbound\\|.*;\\.upstream_rq_(completed|5xx|time)';
const FILTER = `^(${DOWNSTREAM}|${UPSTREAM})$`;

/** Since the proxy began. Rejects when it does not answer. */
export async function readProxyTraffic(adminSocketPath: string, role: 'sidecar' | 'gateway'): Promise<ProxyTraffic> {
  const stats = await readDetailedStats(adminSocketPath, FILTER);
  const side = role === 'gateway' ? 'out' : 'in';
  const served = [...stats.counters].flatMap(([name, requests]): readonly Figures[] => {
    const [, prefix, direction] = /^(http\.(in|out)bound_.*)\.downstream_rq_completed$/.exec(name) ?? [];
    if (prefix === undefined || direction !== side) return [];
    const failures = stats.counters.get(`${prefix}.downstream_rq_5xx`) ?? 0;
    return [{ requests, failures, latencies: stats.latenciesOf(`${prefix}.downstream_rq_time`) }];
  });
  const sent = [...clusterStatsOf(stats)].map(
    ([cluster, { requests, errors, latencies }]) => [cluster, { requests, failures: errors, latencies }] as const,
  );
  return { served: sumOf(served), sent: new Map(sent) };
}

/** What came since an earlier reading of the same proxy; a cluster that it had not used then began at zero. */
export function trafficSince(before: ProxyTraffic | undefined, now: ProxyTraffic): ProxyTraffic {
  const sent = [...now.sent].map(([cluster, figures]) => [cluster, since(before?.sent.get(cluster), figures)] as const);
  return {
    served: since(before?.served ?? NO_FIGURES, now.served),
    sent: new Map(sent.filter(([, { requests }]) => requests > 0)),
  };
}

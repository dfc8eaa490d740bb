import { adminRequest } from './admin.ts';

/** Counters of one proxy at one moment, those that the status page needs. */
export interface ProxyCounters {
  /** Inbound requests and failures by port: what arrived for the workload. */
  readonly inbound: ReadonlyMap<number, RequestCounters>;
  /** Requests that came in from the other side: from outside at a gateway, from the workload at a sidecar. */
  readonly downstream: RequestCounters;
  /** What it sent on, by the name of the cluster it sent it to. */
  readonly upstream: ReadonlyMap<string, UpstreamCounters>;
}

export interface UpstreamCounters extends RequestCounters {
  readonly connections: number;
  /** TLS handshakes that came to their end. */
  readonly handshakes: number;
}

export interface RequestCounters {
  readonly requests: number;
  /** Responses with 5xx, and requests that got none. */
  readonly errors: number;
  /** Over Envoy's last flush interval; undefined when nothing was measured in it. */
  readonly latencyP50Ms: number | undefined;
  readonly latencyP99Ms: number | undefined;
}

interface StatsBody {
  readonly stats?: readonly { readonly name?: string; readonly value?: number; readonly histograms?: HistogramsBody }[];
}
interface HistogramsBody {
  readonly supported_quantiles?: readonly number[];
  readonly computed_quantiles?: readonly {
    readonly name: string;
    readonly values: readonly { readonly interval: number | null }[];
  }[];
}

/** The probes of the daemon come by another listener, so they are not among the requests. */
const DOWNSTREAM = 'http\\.(in|out)bound_.*\\.downstream_rq_(completed|5xx|time)';
/** The name of a cluster ends with a semicolon, since it has dots of its own. */
const UPSTREAM = 'cluster\\.outbound\\|.*;\\.(upstream_rq_(completed|5xx|time)|upstream_cx_total|ssl\\.handshake)';
const FILTER = `^(${DOWNSTREAM}|${UPSTREAM})$`;

/** Reads the counters from Envoy's admin interface. Rejects when the proxy does not answer. */
export async function readCounters(adminSocketPath: string): Promise<ProxyCounters> {
  const path = `/stats?format=json&usedonly&filter=${encodeURIComponent(FILTER)}`;
  return parseCounters(JSON.parse((await adminRequest(adminSocketPath, path)).body) as StatsBody);
}

export function parseCounters(body: StatsBody): ProxyCounters {
  const values = new Map<string, number>();
  const quantiles = new Map<string, { p50: number | undefined; p99: number | undefined }>();
  for (const entry of body.stats ?? []) {
    if (entry.name !== undefined && entry.value !== undefined) values.set(entry.name, entry.value);
    const supported = entry.histograms?.supported_quantiles ?? [];
    for (const histogram of entry.histograms?.computed_quantiles ?? []) {
      const at = (quantile: number) => histogram.values[supported.indexOf(quantile)]?.interval ?? undefined;
      quantiles.set(histogram.name, { p50: at(50), p99: at(99) });
    }
  }
  const counters = (prefix: string, side: 'downstream' | 'upstream'): RequestCounters => ({
    requests: values.get(`${prefix}.${side}_rq_completed`) ?? 0,
    errors: values.get(`${prefix}.${side}_rq_5xx`) ?? 0,
    latencyP50Ms: quantiles.get(`${prefix}.${side}_rq_time`)?.p50,
    latencyP99Ms: quantiles.get(`${prefix}.${side}_rq_time`)?.p99,
  });
  const inbound = new Map<number, RequestCounters>();
  let downstream: RequestCounters = { requests: 0, errors: 0, latencyP50Ms: undefined, latencyP99Ms: undefined };
  const upstream = new Map<string, UpstreamCounters>();
  for (const name of values.keys()) {
    const [, clusterPrefix, cluster] = /^(cluster\.(.*);)\.upstream_rq_completed$/.exec(name) ?? [];
    if (clusterPrefix !== undefined && cluster !== undefined) {
      const connections = values.get(`${clusterPrefix}.upstream_cx_total`) ?? 0;
      const handshakes = values.get(`${clusterPrefix}.ssl.handshake`) ?? 0;
      upstream.set(cluster, { ...counters(clusterPrefix, 'upstream'), connections, handshakes });
    }
    const [, prefix, direction, port] = /^(http\.(in|out)bound_.*_(\d+))\.downstream_rq_completed$/.exec(name) ?? [];
    if (prefix === undefined) continue;
    if (direction === 'in') inbound.set(Number(port), counters(prefix, 'downstream'));
    else downstream = add(downstream, counters(prefix, 'downstream'));
  }
  return { inbound, downstream, upstream };
}

export function add(a: RequestCounters, b: RequestCounters): RequestCounters {
  const worst = (x: number | undefined, y: number | undefined) =>
    x === undefined ? y : y === undefined ? x : Math.max(x, y);
  return {
    requests: a.requests + b.requests,
    errors: a.errors + b.errors,
    latencyP50Ms: worst(a.latencyP50Ms, b.latencyP50Ms),
    latencyP99Ms: worst(a.latencyP99Ms, b.latencyP99Ms),
  };
}

/** Figures between two readings. A counter that fell was reset by a restart, and counts from zero. */
export function rates(before: RequestCounters | undefined, after: RequestCounters, elapsedMs: number) {
  if (before === undefined || elapsedMs <= 0) return undefined;
  const since = (now: number, then: number) => (now >= then ? now - then : now);
  const requests = since(after.requests, before.requests);
  const errors = since(after.errors, before.errors);
  return {
    requestsPerSecond: (requests * 1000) / elapsedMs,
    errorPercent: requests === 0 ? undefined : (errors * 100) / requests,
    latencyP50Ms: after.latencyP50Ms,
    latencyP99Ms: after.latencyP99Ms,
  };
}

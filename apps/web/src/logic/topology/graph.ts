import type { Health, ServiceView, StatusView, Traffic } from '@meshwise/api';
import { healthRank } from '../health.ts';

export type TopologyKind = 'gateway' | 'workload' | 'service' | 'host';

export interface TopologyNode {
  readonly id: string;
  readonly kind: TopologyKind;
  /** Empty for a host outside the mesh. */
  readonly namespace: string;
  readonly name: string;
  /** The one workload behind a service, when both are drawn as one. */
  readonly workload?: string;
  readonly health: Health;
  readonly reason: string | null;
  /** Whether a proxy sees its traffic; services and hosts have none of their own. */
  readonly injected: boolean | undefined;
  readonly traffic: Traffic;
}

export interface TopologyEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** A call that the caller's proxies saw, or a service's way to its pods. */
  readonly kind: 'call' | 'backend';
  readonly subsets: readonly string[];
  /** Undefined for a backend: it is the same connection as the call's. */
  readonly mutualTls: boolean | null | undefined;
  readonly traffic: Traffic;
}

export interface Topology {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
}

const UNMEASURED: Traffic = { requestsPerSecond: null, errorPercent: null, latencyP50Ms: null, latencyP99Ms: null };

/** Everything that calls or is called, and how it hangs together. Worst first, so that lists of it begin with trouble. */
export function topologyOf(status: StatusView): Topology {
  const gateways = new Set(status.proxies.filter(({ role }) => role === 'gateway').map(({ workload }) => workload));
  const nodes = new Map<string, TopologyNode>();
  for (const workload of status.workloads) {
    const key = `${workload.namespace}/${workload.name}`;
    const kind = gateways.has(key) ? 'gateway' : 'workload';
    nodes.set(`workload/${key}`, {
      id: `workload/${key}`,
      kind,
      namespace: workload.namespace,
      name: workload.name,
      health: workload.health,
      reason: workload.reason,
      injected: workload.injected || kind === 'gateway',
      traffic: mergeTraffic(status.proxies.filter((proxy) => proxy.workload === key).map(({ traffic }) => traffic)),
    });
  }
  const edges: TopologyEdge[] = [];
  for (const service of status.services) {
    // A gateway's service is the gateway: drawn twice it says nothing more.
    if (service.workloads.some((workload) => gateways.has(workload))) continue;
    const id = `service/${service.namespace}/${service.name}`;
    nodes.set(id, { ...serviceNode(service), id });
    for (const workload of service.workloads) {
      const backend = nodes.get(`workload/${workload}`);
      if (backend === undefined) continue;
      const traffic = backend.traffic;
      edges.push({
        id: `${id} → ${backend.id}`,
        from: id,
        to: backend.id,
        kind: 'backend',
        subsets: [],
        mutualTls: undefined,
        traffic,
      });
    }
  }
  for (const calls of Map.groupBy(status.calls, (call) => `${call.from} → ${call.service ?? call.host}`).values()) {
    const [first] = calls;
    if (first === undefined) continue;
    const to = first.service === null ? `host/${first.host}` : `service/${first.service}`;
    if (first.service === null) nodes.set(to, hostNode(to, first.host));
    const from = `workload/${first.from}`;
    if (!nodes.has(to)) continue;
    if (!nodes.has(from)) nodes.set(from, callerNode(from, first.from, gateways.has(first.from)));
    const known = calls.map(({ mutualTls }) => mutualTls).filter((value) => value !== null);
    edges.push({
      id: `${from} → ${to}`,
      from,
      to,
      kind: 'call',
      subsets: calls.map(({ subset }) => subset).filter((subset) => subset !== null),
      mutualTls: known.length === 0 ? null : known.every(Boolean),
      traffic: mergeTraffic(calls.map(({ traffic }) => traffic)),
    });
  }
  const worst = (a: TopologyNode, b: TopologyNode) => healthRank(a.health) - healthRank(b.health);
  return { nodes: [...nodes.values()].sort((a, b) => worst(a, b) || a.id.localeCompare(b.id)), edges };
}

function serviceNode({ namespace, name, health, reason, traffic }: ServiceView): Omit<TopologyNode, 'id'> {
  return { kind: 'service', namespace, name, health, reason, injected: undefined, traffic };
}

/** A caller that is no workload of the mesh, as all pods outside it together, or one that has just gone. */
function callerNode(id: string, text: string, isGateway: boolean): TopologyNode {
  const [namespace = '', name] = text.includes('/') ? text.split('/') : ['', text];
  const kind = isGateway ? 'gateway' : 'workload';
  const injected = isGateway || undefined;
  return { id, kind, namespace, name: name ?? text, health: 'unknown', reason: null, injected, traffic: UNMEASURED };
}

function hostNode(id: string, name: string): TopologyNode {
  const reason = 'outside the mesh: only its callers know how it does';
  return { id, kind: 'host', namespace: '', name, health: 'unknown', reason, injected: undefined, traffic: UNMEASURED };
}

/** Rates add up, error shares are weighted by them, and of percentiles, which cannot be merged, the highest stands. */
export function mergeTraffic(parts: readonly Traffic[]): Traffic {
  const measured = parts.filter(({ requestsPerSecond }) => requestsPerSecond !== null);
  if (measured.length === 0) return UNMEASURED;
  const rate = measured.reduce((sum, part) => sum + (part.requestsPerSecond ?? 0), 0);
  const errors = measured.reduce((sum, part) => sum + (part.requestsPerSecond ?? 0) * (part.errorPercent ?? 0), 0);
  const highest = (values: readonly (number | null)[]) => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : Math.max(...known);
  };
  return {
    requestsPerSecond: rate,
    errorPercent: rate === 0 ? null : errors / rate,
    latencyP50Ms: highest(measured.map(({ latencyP50Ms }) => latencyP50Ms)),
    latencyP99Ms: highest(measured.map(({ latencyP99Ms }) => latencyP99Ms)),
  };
}

import type { Health, ProxyView, StatusView, WorkloadView } from '@meshwise/api';
import { type Facets, inScope } from './filter.ts';
import { healthRank, isProblem, severityHealth } from './health.ts';
import { isExpired } from './judge.ts';
import {
  conditionFacets,
  conditionRowId,
  gatewayFacets,
  gatewayRowId,
  proxyFacets,
  proxyName,
  rowId,
  serviceFacets,
  workloadFacets,
  workloadRowId,
} from './rows.ts';
import { compareValues } from './sort.ts';
import { parseTime } from './time.ts';

export type PagePath =
  | '/'
  | '/topology'
  | '/services'
  | '/workloads'
  | '/proxies'
  | '/gateways'
  | '/conditions'
  | '/performance'
  | '/shifts'
  | '/security';

/** One line of "Needs attention": what, why, and what to do with it. */
export interface AttentionItem {
  readonly key: string;
  readonly health: Health;
  readonly kind: string;
  /** Null for what is in none. */
  readonly namespace: string | null;
  readonly name: string;
  readonly reason: string;
  readonly verb: string;
  readonly path: PagePath;
  /** The row to open there. */
  readonly open: string;
}

/** Everything failing or degraded in scope, worst first; what only repeats the workload's trouble comes after it. */
export function attention(status: StatusView, scope: readonly string[] | undefined): AttentionItem[] {
  const nowMs = parseTime(status.at);
  const items: AttentionItem[] = [];
  const add = (facets: Facets, item: Omit<AttentionItem, 'key' | 'namespace'>): void => {
    const { namespace } = facets;
    if (!isProblem(item.health) || !inScope(namespace, scope)) return;
    items.push({ ...item, namespace, key: `${item.path}#${item.open}` });
  };
  for (const gateway of status.gateways) {
    const { health, name } = gateway;
    const open = gatewayRowId(gateway);
    const reason = gateway.reason ?? (gateway.address === null ? 'Nothing listens' : UNEXPLAINED);
    add(gatewayFacets(gateway), {
      health,
      kind: 'Gateway',
      name,
      reason,
      verb: 'Open gateway',
      path: '/gateways',
      open,
    });
  }
  for (const service of status.services) {
    const { health, name } = service;
    const open = rowId(service);
    const reason = service.reason ?? UNEXPLAINED;
    add(serviceFacets(service), {
      health,
      kind: 'Service',
      name,
      reason,
      verb: 'Open service',
      path: '/services',
      open,
    });
  }
  for (const workload of status.workloads) {
    const { health, name } = workload;
    const open = workloadRowId(workload);
    const reason = workload.reason ?? podReason(workload) ?? UNEXPLAINED;
    add(workloadFacets(workload), {
      health,
      kind: workload.kind,
      name,
      reason,
      verb: 'See pods',
      path: '/workloads',
      open,
    });
  }
  for (const proxy of status.proxies) {
    const problem = proxyProblem(proxy, nowMs);
    const name = proxyName(proxy);
    add(proxyFacets(proxy, status.gateways), { kind: 'Proxy', name, path: '/proxies', open: proxy.id, ...problem });
  }
  for (const condition of status.conditions) {
    const { kind, name } = condition.object;
    const health = severityHealth(condition.severity);
    const reason = condition.field === null ? condition.message : `${condition.field}: ${condition.message}`;
    const open = conditionRowId(condition);
    add(conditionFacets(condition), { health, kind, name, reason, verb: 'See condition', path: '/conditions', open });
  }
  return items.sort((a, b) => healthRank(a.health) - healthRank(b.health));
}

const UNEXPLAINED = 'No reason was given';

function podReason(workload: WorkloadView): string | undefined {
  return workload.pods.find((pod) => !pod.ready && pod.reason !== null)?.reason ?? undefined;
}

function proxyProblem(proxy: ProxyView, nowMs: number | undefined): Pick<AttentionItem, 'health' | 'reason' | 'verb'> {
  const { health } = proxy;
  const rejected = proxy.types.find((type) => type.lastRejection !== null && !type.synced);
  const reason = proxy.reason ?? rejected?.lastRejection?.reason ?? UNEXPLAINED;
  if (nowMs !== undefined && isExpired(proxy.certificateExpiresAt, nowMs)) {
    return { health, reason, verb: 'See certificate' };
  }
  return { health, reason, verb: rejected === undefined ? 'See proxy' : 'See rejection' };
}

/** `2 failing and 1 degraded of 18`, over services, workloads, proxies and gateways in scope. */
export function headline(status: StatusView, scope: readonly string[] | undefined): string {
  const all = [
    ...status.services.map(serviceFacets),
    ...status.workloads.map(workloadFacets),
    ...status.proxies.map((proxy) => proxyFacets(proxy, status.gateways)),
    ...status.gateways.map(gatewayFacets),
  ].filter((facets) => inScope(facets.namespace, scope));
  const parts = (['failing', 'degraded', 'unknown'] as const).flatMap((health) => {
    const count = all.filter((facets) => facets.health === health).length;
    return count === 0 ? [] : [`${count} ${health}`];
  });
  if (parts.length === 0) return `All ${all.length} are well`;
  const last = parts.pop();
  return `${parts.length === 0 ? last : `${parts.join(', ')} and ${last}`} of ${all.length}`;
}

/** Names of what needs attention now and did not before, for the live region. */
export function newProblems(
  before: readonly AttentionItem[],
  after: readonly AttentionItem[],
): readonly AttentionItem[] {
  const known = new Set(before.map((item) => `${item.health} ${item.key}`));
  return after.filter((item) => !known.has(`${item.health} ${item.key}`)).sort((a, b) => compareValues(a.name, b.name));
}

import type { ConditionView, Health } from '@meshwise/api';

/** Worst first. Unknown stands before idle and healthy: what nobody has vouched for deserves a look. */
export const HEALTH_ORDER: readonly Health[] = ['failing', 'degraded', 'unknown', 'idle', 'healthy'];

export const HEALTH_LABEL: Readonly<Record<Health, string>> = {
  failing: 'Failing',
  degraded: 'Degraded',
  unknown: 'Unknown',
  idle: 'Idle',
  healthy: 'Healthy',
};

/** 0 for the worst. */
export function healthRank(health: Health): number {
  return HEALTH_ORDER.indexOf(health);
}

export function isProblem(health: Health): boolean {
  return health === 'failing' || health === 'degraded';
}

/** Why a row is as it is, where that needs saying without being asked. */
export function problemReason(row: { readonly health: Health; readonly reason: string | null }): string | null {
  return isProblem(row.health) || row.health === 'unknown' ? row.reason : null;
}

export type Severity = ConditionView['severity'];

export const SEVERITY_ORDER: readonly Severity[] = ['error', 'warning', 'info'];

export function severityRank(severity: Severity): number {
  return SEVERITY_ORDER.indexOf(severity);
}

/** A condition in the words of health, so that one filter and one order serve every table. */
export function severityHealth(severity: Severity): Health {
  if (severity === 'error') return 'failing';
  return severity === 'warning' ? 'degraded' : 'healthy';
}

export type HealthCounts = Readonly<Record<Health, number>>;

export function countHealth(items: readonly { readonly health: Health }[]): HealthCounts {
  const counts = { failing: 0, degraded: 0, unknown: 0, idle: 0, healthy: 0 };
  for (const item of items) counts[item.health] += 1;
  return counts;
}

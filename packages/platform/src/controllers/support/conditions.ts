/** An entry of `status.conditions`, as Kubernetes' API conventions describe it. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly lastUpdateTime?: string;
  readonly lastProbeTime?: string;
  readonly observedGeneration?: number;
}

type NewCondition = Omit<Condition, 'lastTransitionTime'>;

export function findCondition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** The conditions with this one in its place; the transition time moves only with the status. */
export function withCondition(
  conditions: readonly Condition[] | undefined,
  condition: NewCondition,
  now: string,
): readonly Condition[] {
  const before = findCondition(conditions, condition.type);
  const unmoved = before?.status === condition.status ? before.lastTransitionTime : undefined;
  const after: Condition = { ...condition, lastTransitionTime: unmoved ?? now };
  if (before === undefined) return [...(conditions ?? []), after];
  return (conditions ?? []).map((other) => (other.type === condition.type ? after : other));
}

export function withoutCondition(conditions: readonly Condition[] | undefined, type: string): readonly Condition[] {
  return (conditions ?? []).filter((condition) => condition.type !== type);
}

/** A moment as Kubernetes writes it in metadata and status: RFC 3339 in whole seconds. */
export function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

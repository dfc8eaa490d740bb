/** A ReplicaSet that takes part in scaling while a rollout is under way. */
export interface ScaledSet {
  readonly name: string;
  readonly replicas: number;
  /** Desired number plus surge when the set was last scaled (`deployment.kubernetes.io/max-replicas`); 0 if unknown. */
  readonly maxReplicas: number;
}

/**
 * Spreads a change of `spec.replicas` over the sets of an unfinished rollout in proportion to their sizes, so that
 * scaling does not undo a canary (Kubernetes' proportional scaling). Sets are given newest first; what rounding leaves
 * over goes to the largest.
 */
export function proportionalSizes(sets: readonly ScaledSet[], allowedTotal: number): ReadonlyMap<string, number> {
  const present = sets.reduce((sum, set) => sum + set.replicas, 0);
  const toAdd = allowedTotal - present;
  const ordered = [...sets].sort((a, b) => b.replicas - a.replicas);
  const sizes = new Map<string, number>();
  let added = 0;
  for (const set of ordered) {
    const share = toAdd === 0 ? 0 : shareOf(set, allowedTotal, toAdd - added, present);
    sizes.set(set.name, set.replicas + share);
    added += share;
  }
  // What rounding left over: to the largest, and on to the next when it has no more to give.
  for (const set of ordered) {
    const left = toAdd - added;
    if (left === 0) break;
    const size = sizes.get(set.name) ?? set.replicas;
    const moved = Math.max(left, -size);
    sizes.set(set.name, size + moved);
    added += moved;
  }
  return sizes;
}

function shareOf(set: ScaledSet, allowedTotal: number, left: number, present: number): number {
  if (set.replicas === 0 || left === 0) return 0;
  const before = set.maxReplicas > 0 ? set.maxReplicas : present;
  const exact = Math.round((set.replicas * allowedTotal) / before) - set.replicas;
  return left > 0 ? Math.max(0, Math.min(exact, left)) : Math.min(0, Math.max(exact, left, -set.replicas));
}

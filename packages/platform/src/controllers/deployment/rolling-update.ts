import { type IntOrString, scaleIntOrPercent } from '@meshwise/resources';

/** How far a rollout may go from the desired number of pods. */
export interface Fences {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/**
 * `maxSurge` rounded up and `maxUnavailable` rounded down against the desired number; both default to 25 %. When both
 * come out as 0 nothing could ever move, so one pod may then be unavailable (Kubernetes ResolveFenceposts).
 */
export function resolveFences(
  desired: number,
  rollingUpdate: { readonly maxSurge?: IntOrString; readonly maxUnavailable?: IntOrString } | undefined,
): Fences {
  const maxSurge = scaleIntOrPercent(rollingUpdate?.maxSurge ?? '25%', desired, 'up') ?? 0;
  const maxUnavailable = scaleIntOrPercent(rollingUpdate?.maxUnavailable ?? '25%', desired, 'down') ?? 0;
  if (maxSurge === 0 && maxUnavailable === 0) return { maxSurge, maxUnavailable: 1 };
  return { maxSurge, maxUnavailable: Math.min(maxUnavailable, desired) };
}

/** A ReplicaSet as the arithmetic sees it. */
export interface SetSize {
  /** Pods asked for. */
  readonly replicas: number;
  /** Pods that will still be available once the set has settled on `replicas`; never more than that. */
  readonly available: number;
}

export interface RollingStep {
  readonly newer: number;
  /** In the order given. */
  readonly older: readonly number[];
}

/**
 * One step of a rolling update (Kubernetes' rolling.go): first the new set grows as far as the surge allows; only if it
 * does not, old sets shrink, pods that are not available first and then, oldest set first, available ones as far as
 * `desired - maxUnavailable` stay available.
 */
export function rollingStep(desired: number, fences: Fences, newer: SetSize, older: readonly SetSize[]): RollingStep {
  const unchanged = older.map((set) => set.replicas);
  const grown = newSize(desired, fences, newer, older);
  if (grown !== newer.replicas) return { newer: grown, older: unchanged };
  return { newer: newer.replicas, older: shrunk(desired, fences, newer, older) };
}

function newSize(desired: number, fences: Fences, newer: SetSize, older: readonly SetSize[]): number {
  if (newer.replicas > desired) return desired;
  const room = desired + fences.maxSurge - total(newer, older);
  return room <= 0 ? newer.replicas : Math.min(desired, newer.replicas + room);
}

function shrunk(desired: number, fences: Fences, newer: SetSize, older: readonly SetSize[]): readonly number[] {
  const minAvailable = desired - fences.maxUnavailable;
  const sizes = older.map((set) => set.replicas);
  // Every pod of the new set may still fail to come up, so it does not count until it is available.
  let removable = total(newer, older) - minAvailable - (newer.replicas - newer.available);
  for (const [index, set] of older.entries()) {
    const removed = Math.max(0, Math.min(removable, set.replicas - set.available));
    sizes[index] = set.replicas - removed;
    removable -= removed;
  }
  let surplus = newer.available + older.reduce((sum, set) => sum + set.available, 0) - minAvailable;
  for (const [index, set] of older.entries()) {
    if (removable <= 0 || surplus <= 0) break;
    const size = sizes[index] ?? set.replicas;
    const removed = Math.min(surplus, removable, size);
    sizes[index] = size - removed;
    surplus -= removed;
    removable -= removed;
  }
  return sizes;
}

function total(newer: SetSize, older: readonly SetSize[]): number {
  return older.reduce((sum, set) => sum + set.replicas, newer.replicas);
}

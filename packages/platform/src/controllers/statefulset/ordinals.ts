import type { Pod, StatefulSet } from '../support/kinds.ts';

/** The first ordinal and the number of pods: `db-3`, `db-4` for start 3 and two replicas. */
export interface Ordinals {
  readonly start: number;
  readonly count: number;
}

export function ordinalsOf(set: StatefulSet): Ordinals {
  return { start: set.spec?.ordinals?.start ?? 0, count: set.spec?.replicas ?? 1 };
}

export function wantedOrdinals({ start, count }: Ordinals): readonly number[] {
  return Array.from({ length: count }, (_, index) => start + index);
}

export function podName(set: StatefulSet, ordinal: number): string {
  return `${set.metadata.name}-${ordinal}`;
}

/** The ordinal in a pod's name; undefined when the name is not one of this set's. */
export function ordinalOf(set: StatefulSet, pod: Pod): number | undefined {
  const prefix = `${set.metadata.name}-`;
  const rest = pod.metadata.name.startsWith(prefix) ? pod.metadata.name.slice(prefix.length) : '';
  return /^(0|[1-9]\d*)$/.test(rest) ? Number(rest) : undefined;
}

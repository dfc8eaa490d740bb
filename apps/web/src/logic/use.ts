import type { ResourceUse } from '@meshwise/api';

/**
 * What several processes use together. Null when there are none; a figure is null when any of them could not be read,
 * since a sum with a hole in it would look like a smaller use.
 */
export function sumUse(parts: readonly (ResourceUse | null)[]): ResourceUse | null {
  const present = parts.filter((part) => part !== null);
  if (present.length === 0) return null;
  return {
    cpuMillicores: sum(present.map((part) => part.cpuMillicores)),
    memoryBytes: sum(present.map((part) => part.memoryBytes)),
  };
}

function sum(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((total, value) => (total === null || value === null ? null : total + value), 0);
}

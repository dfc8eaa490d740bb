export const LEAST_COMPARED = 2;
export const MOST_COMPARED = 5;

/** Run ids in an address: `?ids=a,b`. The first is the baseline, so the order is kept. */
export function readIds(value: unknown): readonly string[] {
  const texts = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [];
  const ids = texts.filter((id): id is string => typeof id === 'string').map((id) => id.trim());
  return [...new Set(ids.filter((id) => id !== ''))].slice(0, MOST_COMPARED);
}

export interface IdsSearch {
  readonly ids?: readonly string[];
}

export function readIdsSearch(raw: Readonly<Record<string, unknown>>): IdsSearch {
  const ids = readIds(raw['ids']);
  return ids.length === 0 ? {} : { ids };
}

export function toggleId(ids: readonly string[], id: string): readonly string[] {
  return ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id];
}

/** Makes one the baseline: it goes first. */
export function withBaseline(ids: readonly string[], id: string): readonly string[] {
  return [id, ...ids.filter((other) => other !== id)];
}

/** Why these cannot be compared yet; undefined when they can. */
export function compareHint(count: number): string | undefined {
  if (count < LEAST_COMPARED) return count === 0 ? 'Select two to five runs to compare' : 'Select one more run';
  return count >= MOST_COMPARED ? 'Five is the most that can be read side by side' : undefined;
}

/** Reading of objects whose shape is not certain: kinds we have no schema for, and kinds others wrote. */
export type Body = Readonly<Record<string, unknown>>;

/** The value at a path of fields, or undefined where the path ends early. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const field of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<string, unknown>)[field];
  }
  return current;
}

export function textAt(value: unknown, ...path: readonly string[]): string | null {
  const found = at(value, ...path);
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean' ? String(found) : null;
}

/** A count that Kubernetes leaves out when it is 0. */
export function countAt(value: unknown, ...path: readonly string[]): number {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : 0;
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** `a,b`, or null for none. */
export function joined(values: readonly (string | null)[]): string | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.join(',');
}

/** `key=value,…`, or null for no labels. */
export function labelsAt(value: unknown, ...path: readonly string[]): string | null {
  const found = at(value, ...path);
  if (typeof found !== 'object' || found === null) return null;
  return joined(Object.entries(found).map(([key, label]) => `${key}=${String(label)}`));
}

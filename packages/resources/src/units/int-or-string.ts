/** A number or a text, as k8s.io/apimachinery's IntOrString: a port by number or name, a count or a percentage. */
export type IntOrString = number | string;

/** The percentage that `25%` stands for; undefined when the value is no percentage. */
export function parsePercent(value: IntOrString): number | undefined {
  if (typeof value !== 'string') return undefined;
  const match = /^(\d+)%$/.exec(value);
  return match === null ? undefined : Number(match[1]);
}

/**
 * A count, or a percentage of `total`, as Kubernetes scales `maxSurge` (rounded up) and `maxUnavailable` (rounded down).
 * Undefined when the text is neither.
 */
export function scaleIntOrPercent(value: IntOrString, total: number, round: 'up' | 'down'): number | undefined {
  if (typeof value === 'number') return value;
  const percent = parsePercent(value);
  if (percent === undefined) return undefined;
  const exact = (percent * total) / 100;
  return round === 'up' ? Math.ceil(exact) : Math.floor(exact);
}

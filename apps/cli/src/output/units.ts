/** An age as kubectl shows it: `45s`, `3m20s`, `5h`, `4d`; null for an unknown or unreadable time. */
export function age(since: string | null | undefined, nowMs: number): string | null {
  const sinceMs = Date.parse(since ?? '');
  if (Number.isNaN(sinceMs)) return null;
  return duration(Math.max(0, nowMs - sinceMs));
}

/** Two units at most, and one where the second says nothing that matters. */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  if (days < 8) return pair(days, 'd', hours % 24, 'h');
  return `${days}d`;
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}

/** How long until a time: `11h`, or `expired` with how long ago. */
export function remaining(until: string | null, nowMs: number): string | null {
  const untilMs = Date.parse(until ?? '');
  if (Number.isNaN(untilMs)) return null;
  return untilMs >= nowMs ? duration(untilMs - nowMs) : `expired ${duration(nowMs - untilMs)} ago`;
}

export function bytes(count: number | null): string | null {
  if (count === null) return null;
  return count < 1 << 20 ? `${Math.round(count / 1024)}Ki` : `${Math.round(count / (1 << 20))}Mi`;
}

/** A measured figure with its unit; null stays null, since nothing measured is not zero. */
export function figure(value: number | null, unit: string, digits = 1): string | null {
  return value === null ? null : `${value.toFixed(digits)}${unit}`;
}

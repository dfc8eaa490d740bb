const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A length of time in its largest fitting unit: `0 s`, `41 s`, `12 min`, `23 h`, `5 d`. Rounds down. */
export function formatAge(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`;
  return `${Math.floor(ms / DAY_MS)} d`;
}

/** `in 23 h`, `3 min ago`, `now`. */
export function formatRelative(atMs: number, nowMs: number): string {
  const distanceMs = atMs - nowMs;
  if (Math.abs(distanceMs) < SECOND_MS) return 'now';
  return distanceMs > 0 ? `in ${formatAge(distanceMs)}` : `${formatAge(-distanceMs)} ago`;
}

/** `2026-03-04 05:06:07 UTC`: sortable, unambiguous, the same in a log. */
export function formatAbsolute(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Undefined for null and for what is no time. */
export function parseTime(text: string | null): number | undefined {
  if (text === null) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

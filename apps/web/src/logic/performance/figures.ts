/** The share of answers that were good, of all that came to an end or were given up. */
export function successPercent(counts: {
  readonly completed: number;
  readonly failed: number;
  readonly dropped: number;
}): number | null {
  const all = counts.completed + counts.failed + counts.dropped;
  return all === 0 ? null : (100 * counts.completed) / all;
}

/** What was achieved of what was asked for; null in a closed loop without a cap. */
export function achievedPercent(achievedRps: number, requestedRps: number | null): number | null {
  return requestedRps === null || requestedRps === 0 ? null : (100 * achievedRps) / requestedRps;
}

/** `1:04`, `1:02:07`: counts down and up without jumping between units. */
export function formatTimer(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

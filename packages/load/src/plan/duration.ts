import { impossible } from './impossible.ts';

const UNITS_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1, us: 0.001, µs: 0.001 };
const PART = String.raw`(\d+(?:\.\d+)?)(h|ms|m|s|us|µs)`;
const WHOLE = new RegExp(`^(?:${PART})+$`);

/** `30s`, `250ms`, `1.5h`, `1m30s`. A bare number says nothing about its unit and is refused with MW8001. */
export function parseDuration(text: string, field: string): number {
  if (!WHOLE.test(text)) throw impossible(field, 'not a duration', { found: text, expected: '30s, 250ms or 1m30s' });
  let sumMs = 0;
  for (const [, count = '', unit = ''] of text.matchAll(new RegExp(PART, 'g'))) {
    sumMs += Number(count) * (UNITS_MS[unit] ?? 0);
  }
  return withoutDust(sumMs);
}

/** The shortest text that `parseDuration` reads back as the same, to a nanosecond: 90,000 → `1m30s`. */
export function formatDuration(durationMs: number): string {
  return compose(durationMs, ['h', 'm', 's', 'ms']).join('') || '0s';
}

/** The same for reading: `1 min 30 s`. */
export function durationWords(durationMs: number): string {
  return compose(durationMs, [' h', ' min', ' s', ' ms']).join(' ') || '0 s';
}

function compose(durationMs: number, [h = '', m = '', s = '', ms = '']: readonly string[]): string[] {
  if (durationMs > 0 && durationMs < 1_000) return [`${withoutDust(durationMs)}${ms}`];
  const hours = Math.floor(durationMs / 3_600_000);
  const minutes = Math.floor((durationMs % 3_600_000) / 60_000);
  const seconds = withoutDust((durationMs % 60_000) / 1_000, 9);
  const parts = [`${hours}${h}`, `${minutes}${m}`, `${seconds}${s}`];
  return parts.filter((_, at) => [hours, minutes, seconds][at] !== 0);
}

/** What has a meaning: 0.07 × 1000 is not 70 in binary. */
function withoutDust(value: number, decimals = 6): number {
  return Number(value.toFixed(decimals));
}

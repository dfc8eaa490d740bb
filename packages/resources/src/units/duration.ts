/**
 * Durations of Istio and Gateway API: Go's form (`1h2m3.5s`, time.ParseDuration) and protobuf's JSON form (`10s`,
 * `0.5s`), which is a part of it.
 */
const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const whole = /^([-+]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+)$/;
const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g;

/** Milliseconds; undefined when the text is no duration. `0` without a unit is one, as in Go. */
export function parseDurationMs(text: string): number | undefined {
  if (/^[-+]?0$/.test(text)) return 0;
  const match = whole.exec(text);
  if (match === null) return undefined;
  let total = 0;
  for (const [, digits, unit] of (match[2] ?? '').matchAll(part)) total += Number(digits) * (unitMs[unit ?? ''] ?? 0);
  // Summing thousandths leaves dust such as 1.1000000000000001.
  const rounded = Number(total.toFixed(6));
  return match[1] === '-' ? -rounded : rounded;
}

/** The shortest text that `parseDurationMs` reads back: 90000 → `1m30s`, 250 → `250ms`. */
export function formatDurationMs(ms: number): string {
  if (ms === 0) return '0s';
  if (ms < 0) return `-${formatDurationMs(-ms)}`;
  if (ms < 1) return `${Number((ms * 1e6).toFixed(0))}ns`;
  if (ms < 1000) return `${Number(ms.toFixed(6))}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = Number(((ms % 60_000) / 1000).toFixed(9));
  return `${hours > 0 ? `${hours}h` : ''}${minutes > 0 ? `${minutes}m` : ''}${seconds > 0 ? `${seconds}s` : ''}`;
}

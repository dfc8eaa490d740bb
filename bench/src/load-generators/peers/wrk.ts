import type { Command } from '../command-generator.ts';
import { type Quantiles, type Report, UNKNOWN } from '../generator.ts';

/** A closed loop in C, without a rate: the yardstick of what a core can send. */
export function wrk(path: string): Command {
  return {
    name: 'wrk',
    path,
    arguments: ({ url, connections, durationMs }) => [
      ...['-t', '1', '-c', String(connections)],
      ...['-d', `${Math.max(1, Math.round(durationMs / 1_000))}s`, '--latency', url],
    ],
    report: parseWrk,
  };
}

const UNITS_MS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000, m: 60_000 };

/** The text of `wrk --latency`, whose units change from line to line. */
export function parseWrk(output: string): Report {
  const at = (percent: number) => {
    const found = new RegExp(`^ +${percent}% +([0-9.]+)([a-z]+)$`, 'm').exec(output);
    return found === null ? Number.NaN : Number(found[1]) * (UNITS_MS[found[2] ?? ''] ?? Number.NaN);
  };
  const latency: Quantiles = { ...UNKNOWN, p50Ms: at(50), p90Ms: at(90), p99Ms: at(99) };
  return { rps: Number(/^Requests\/sec: +([0-9.]+)$/m.exec(output)?.[1]), latency };
}

import type { Command } from '../command-generator.ts';
import type { Report } from '../generator.ts';

/** `flags` beside what the task says, such as the one for the correction of latencies. */
export function oha(path: string, name = 'oha', flags: readonly string[] = []): Command {
  return {
    name,
    path,
    arguments({ url, connections, rps, durationMs }) {
      const load = ['-z', `${durationMs}ms`, '-c', String(connections), ...(rps === null ? [] : ['-q', String(rps)])];
      return ['--no-tui', '--output-format', 'json', ...load, ...flags, url];
    },
    report: parseOha,
  };
}

interface OhaResult {
  readonly summary: { readonly requestsPerSec: number };
  readonly latencyPercentiles: Readonly<Record<string, number>>;
}

/** Its JSON: seconds. */
export function parseOha(output: string): Report {
  const { summary, latencyPercentiles } = JSON.parse(output) as OhaResult;
  const at = (name: string) => (latencyPercentiles[name] ?? Number.NaN) * 1_000;
  return {
    rps: summary.requestsPerSec,
    latency: { p50Ms: at('p50'), p90Ms: at('p90'), p99Ms: at('p99'), p999Ms: at('p99.9') },
  };
}

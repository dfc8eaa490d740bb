import type { Command } from '../command-generator.ts';
import type { LoadTask, Report } from '../generator.ts';

/** `flags` beside what the task says, such as those for even sending. */
export function fortio(path: string, name = 'fortio', flags: readonly string[] = []): Command {
  return {
    name,
    path,
    arguments: (task) => fortioArguments(task, flags),
    report: parseFortio,
  };
}

function fortioArguments({ url, connections, rps, durationMs }: LoadTask, flags: readonly string[]): readonly string[] {
  // 0 is as fast as it can.
  const load = ['-c', String(connections), '-qps', String(rps ?? 0), '-t', `${durationMs}ms`];
  return [
    'load',
    '-quiet',
    '-json',
    '-',
    '-p',
    '50,90,99,99.9',
    ...load,
    ...flags,
    flags.includes('-grpc') ? new URL(url).host : url,
  ];
}

interface FortioResult {
  readonly ActualQPS: number;
  readonly DurationHistogram: {
    readonly Percentiles: readonly { readonly Percentile: number; readonly Value: number }[];
  };
}

/** Its JSON result: seconds. */
export function parseFortio(output: string): Report {
  const { ActualQPS, DurationHistogram } = JSON.parse(output) as FortioResult;
  const at = (percent: number) => {
    const found = DurationHistogram.Percentiles.find(({ Percentile }) => Percentile === percent);
    return found === undefined ? Number.NaN : found.Value * 1_000;
  };
  return { rps: ActualQPS, latency: { p50Ms: at(50), p90Ms: at(90), p99Ms: at(99), p999Ms: at(99.9) } };
}

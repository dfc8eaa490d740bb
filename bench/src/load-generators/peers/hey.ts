import type { Command } from '../command-generator.ts';
import { type Report, UNKNOWN } from '../generator.ts';
import { quantilesOf } from './samples.ts';

/** Its rate is one of each connection. Every sample is asked for at a rate, where there are few enough of them. */
export function hey(path: string): Command {
  return {
    name: 'hey',
    path,
    arguments({ url, connections, rps, durationMs }) {
      const load = ['-z', `${durationMs}ms`, '-c', String(connections)];
      return rps === null ? [...load, url] : [...load, '-q', String(rps / connections), '-o', 'csv', url];
    },
    report: (output, { rps, durationMs }) => (rps === null ? parseHey(output) : parseHeySamples(output, durationMs)),
  };
}

/** Its summary; it has no percentile beyond the 99th. */
export function parseHey(output: string): Report {
  const at = (percent: number) => {
    const found = new RegExp(`^ +${percent}% in ([0-9.]+) secs$`, 'm').exec(output);
    return found === null ? Number.NaN : Number(found[1]) * 1_000;
  };
  return {
    rps: Number(/^ +Requests\/sec:\s+([0-9.]+)$/m.exec(output)?.[1]),
    latency: { ...UNKNOWN, p50Ms: at(50), p90Ms: at(90), p99Ms: at(99) },
  };
}

/** Its CSV: a head, then seconds in the first column. */
export function parseHeySamples(output: string, durationMs: number): Report {
  const rows = output.trim().split('\n').slice(1);
  const latenciesMs = rows.map((row) => Number(row.slice(0, row.indexOf(','))) * 1_000);
  return { rps: (rows.length / durationMs) * 1_000, latency: quantilesOf(latenciesMs) };
}

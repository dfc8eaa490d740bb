import type { Command } from '../command-generator.ts';
import { type Report, UNKNOWN } from '../generator.ts';

/** HTTP/2 in C, so many requests at a time on each connection. */
export function h2load(path: string, streams: number): Command {
  return {
    name: 'h2load',
    path,
    arguments: ({ url, connections, durationMs }) => [
      ...['-c', String(connections), '-m', String(streams), '-t', '1'],
      ...['-D', String(Math.round(durationMs / 1_000)), url],
    ],
    report: parseH2load,
  };
}

/** Its text, which has no percentiles. */
export function parseH2load(output: string): Report {
  return { rps: Number(/^finished in [^,]+, ([0-9.]+) req\/s/m.exec(output)?.[1]), latency: UNKNOWN };
}

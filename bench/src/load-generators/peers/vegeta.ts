import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from '../command-generator.ts';
import type { Report } from '../generator.ts';
import { quantilesOf } from './samples.ts';

const MAX_CSV_BYTES = 512 << 20;

/**
 * At a rate it may open more connections when those are busy, as it does unless it is forbidden to. Results go to a file and are
 * read afterwards, so that reading them costs nothing in the run; bodies are not kept.
 */
export function vegeta(path: string): Command {
  return {
    name: 'vegeta',
    path,
    async arguments({ url, connections, rps, durationMs }, directory) {
      const targets = join(directory, 'targets');
      await writeFile(targets, `GET ${url}\n`);
      const atMost = rps === null ? ['-max-workers', String(connections)] : [];
      const workers = ['-workers', String(connections), ...atMost];
      const load = ['-rate', String(rps ?? 0), '-duration', `${durationMs}ms`, '-connections', String(connections)];
      return [
        'attack',
        '-targets',
        targets,
        '-max-body',
        '0',
        ...load,
        ...workers,
        '-output',
        join(directory, 'results'),
      ];
    },
    async report(_, { durationMs }, directory) {
      const encode = ['encode', '-to', 'csv', join(directory, 'results')];
      const { stdout } = await promisify(execFile)(path, encode, { maxBuffer: MAX_CSV_BYTES });
      return parseVegeta(stdout, durationMs);
    },
  };
}

/** Its CSV: time, status, latency in nanoseconds, and more. */
export function parseVegeta(csv: string, durationMs: number): Report {
  const rows = csv.trim().split('\n');
  const latenciesMs = rows.map((row) => Number(row.split(',', 3)[2]) / 1e6);
  return { rps: (rows.length / durationMs) * 1_000, latency: quantilesOf(latenciesMs) };
}

import type { Command } from './command-generator.ts';
import { commandGenerator } from './command-generator.ts';
import type { Generator } from './generator.ts';
import { fortio } from './peers/fortio.ts';
import { hey } from './peers/hey.ts';
import { k6 } from './peers/k6.ts';
import { oha } from './peers/oha.ts';
import { vegeta } from './peers/vegeta.ts';
import { wrk } from './peers/wrk.ts';
import { findTool, type ToolName } from './tools.ts';

export interface Lineup {
  readonly generators: readonly Generator[];
  /** A sentence for each that is not there. */
  readonly skipped: readonly string[];
}

type Entry = readonly [tool: ToolName, make: (path: string) => Command];

/** 10 µs at the bottom of its histogram instead of 1 ms, without which it cannot tell what is fast. */
const FINE = ['-r', '0.00001'];
const EVEN = ['-uniform', '-nocatchup'];
const CORRECTED = ['--latency-correction'];

/** As fast as each can. */
export const CLOSED: readonly Entry[] = [
  ['wrk', wrk],
  ['fortio', (path) => fortio(path, 'fortio', FINE)],
  ['k6', k6],
  ['hey', hey],
  ['vegeta', vegeta],
  ['oha', (path) => oha(path)],
];

/** At a rate: as each does it without being told more, and as it does it best. */
export const OPEN: readonly Entry[] = [
  ['fortio', (path) => fortio(path)],
  ['fortio', (path) => fortio(path, 'fortio -uniform -nocatchup', [...EVEN, ...FINE])],
  ['hey', hey],
  ['k6', k6],
  ['vegeta', vegeta],
  ['oha', (path) => oha(path, 'oha --latency-correction', CORRECTED)],
];

/** At a rate that is easily kept, one of them as it is by default and as it is when told to be honest. */
export const STALLED: readonly Entry[] = [...OPEN, ['oha', (path) => oha(path)]];

/** Those that are there, or can be built. */
export async function lineup(entries: readonly Entry[], log: (text: string) => void): Promise<Lineup> {
  const generators: Generator[] = [];
  const skipped = new Set<string>();
  for (const [tool, make] of entries) {
    const found = await findTool(tool, log);
    if ('path' in found) generators.push(commandGenerator(make(found.path)));
    else skipped.add(`skipped: ${tool} (${found.missing})`);
  }
  return { generators, skipped: [...skipped] };
}

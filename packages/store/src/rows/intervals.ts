import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createDeflate, createInflate } from 'node:zlib';
import { MeshwiseError } from '@meshwise/core';
import type { Interval } from '@meshwise/load';
import { isInterval } from './interval-schema.ts';

/** Lines of JSON, one for each interval, in zlib's format (RFC 1950). As one text, those of a long run would be too long for Node. */
export const INTERVAL_FORMAT = 1;

export async function encodeIntervals(intervals: readonly Interval[]): Promise<Uint8Array> {
  const lines = intervals.values().map((interval) => `${JSON.stringify(checked(interval))}\n`);
  return pipeline(lines, createDeflate(), buffer);
}

/** Throws MW8103 for a later format, MW8102 that names the run when the data is damaged. */
export async function decodeIntervals(id: string, format: number, data: Uint8Array): Promise<readonly Interval[]> {
  if (format !== INTERVAL_FORMAT) {
    const details = { found: `format ${format}`, expected: `at most ${INTERVAL_FORMAT}` };
    throw new MeshwiseError('MW8103', `The intervals of run ${id} were kept by a later version of Meshwise`, details);
  }
  try {
    return await pipeline([data], createInflate().setEncoding('utf8'), readLines);
  } catch (cause) {
    throw new MeshwiseError('MW8102', `The intervals of run ${id} are damaged`, {}, { cause });
  }
}

async function readLines(chunks: AsyncIterable<string>): Promise<readonly Interval[]> {
  const intervals: Interval[] = [];
  let torn = '';
  for await (const chunk of chunks) {
    const lines = `${torn}${chunk}`.split('\n');
    torn = lines.pop() ?? '';
    for (const line of lines) intervals.push(checked(JSON.parse(line)));
  }
  return intervals;
}

function checked(value: unknown): Interval {
  if (!isInterval(value)) throw new TypeError('This is not an interval');
  return value;
}

import type { MeshwiseError } from '@meshwise/core';
import type { Format } from './formats.ts';
import { clean } from './table.ts';
import type { Paint } from './tone.ts';

/** What a failed command writes to standard error: two lines for people, one JSON object for programs. */
export function errorText(error: MeshwiseError, options: { format: Format; paint: Paint; debug: boolean }): string {
  const { format, paint, debug } = options;
  const trace = debug ? `${stack(error)}\n` : '';
  if (format === 'json' || format === 'ndjson') return `${JSON.stringify(error)}\n${trace}`;
  const message = clean(error.message.slice(error.code.length + 2));
  return `${paint(`error ${error.code}`, 'bad')}: ${message}\n  ${clean(error.advice)}\n${trace}`;
}

function stack(error: Error): string {
  const own = error.stack ?? String(error);
  return error.cause instanceof Error ? `${own}\ncaused by ${stack(error.cause)}` : own;
}

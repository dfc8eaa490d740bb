import { MeshwiseError } from '@meshwise/core';
import type { RequestInput } from './input.ts';
import { parseRequestJson } from './request-json.ts';
import { parseRequestLines } from './request-lines.ts';

const MAX_LENGTH = 16 << 20;

/**
 * The requests of a file: a JSON array of `RequestInput` when it begins with `[`, else lines:
 *
 *     # Comments and empty lines mean nothing.
 *     GET /productpage weight=3
 *     POST /reviews
 *     content-type: application/json
 *     | {"stars": 5}
 *
 * A method and a path, with a weight or without, begin a request. Lines `name: value` after it are its headers; lines that begin
 * with `|` are its body, from the character after the `|` (and one blank) on, joined by line feeds. Blanks at both ends of a line
 * mean nothing but within a body. Throws MW8001, or MW1002 for a file that is too large, with file and line.
 */
export function parseRequestFile(text: string, name: string): RequestInput[] {
  if (text.length > MAX_LENGTH) {
    const found = `${text.length} characters`;
    throw new MeshwiseError('MW1002', 'too large for requests', {
      file: name,
      found,
      expected: `at most ${MAX_LENGTH}`,
    });
  }
  return text.trimStart().startsWith('[') ? parseRequestJson(text, name) : parseRequestLines(text, name);
}

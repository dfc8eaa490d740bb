import { type ErrorDetails, MeshwiseError } from '@meshwise/core';
import type { RequestInput } from './input.ts';

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const REQUEST = new RegExp(`^(${TOKEN})[ \\t]+(\\S+)(?:[ \\t]+weight=(\\d+(?:\\.\\d+)?))?$`);
const HEADER = new RegExp(`^(${TOKEN}):[ \\t]*(.*)$`);
const MAX_REQUESTS = 1_000;

interface Draft {
  readonly method: string;
  readonly path: string;
  readonly weight: number | undefined;
  readonly headers: [string, string][];
  readonly body: string[];
}

/** The form of lines that `parseRequestFile` describes. */
export function parseRequestLines(text: string, file: string): RequestInput[] {
  const drafts: Draft[] = [];
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    const refuse = (summary: string, details: ErrorDetails = {}) =>
      new MeshwiseError('MW8001', summary, { file, line: at + 1, ...details });
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const draft = drafts.at(-1);
    const bodyLine = /^\s*\|\s?(.*)$/.exec(raw)?.[1];
    const [, name, value = ''] = HEADER.exec(line) ?? [];
    if (bodyLine === undefined && name === undefined) {
      if (drafts.length === MAX_REQUESTS) throw refuse('too many requests', { expected: `at most ${MAX_REQUESTS}` });
      drafts.push(readRequest(line, refuse));
    } else if (draft === undefined) {
      throw refuse('a header or body without a request before it', { expected: 'METHOD /path' });
    } else if (bodyLine !== undefined) {
      draft.body.push(bodyLine);
    } else if (name !== undefined) {
      draft.headers.push([name, value]);
    }
  }
  if (drafts.length === 0)
    throw new MeshwiseError('MW8001', 'no request in it', { file, line: 1, expected: 'METHOD /path' });
  return drafts.map(toInput);
}

function readRequest(line: string, refuse: (summary: string, details: ErrorDetails) => MeshwiseError): Draft {
  const [, method, path, weight] = REQUEST.exec(line) ?? [];
  if (method === undefined || path === undefined) {
    throw refuse('not a request', {
      // A line may be a secret that lost its name.
      found: `${line.length} characters`,
      expected: 'METHOD /path, METHOD /path weight=2, name: value, or | body',
    });
  }
  if (weight !== undefined && !(Number(weight) > 0 && Number(weight) <= 1_000_000)) {
    throw refuse('not a weight', { field: 'weight', found: weight, expected: 'above 0, at most 1000000' });
  }
  return { method, path, weight: weight === undefined ? undefined : Number(weight), headers: [], body: [] };
}

function toInput({ method, path, weight, headers, body }: Draft): RequestInput {
  return {
    method,
    path,
    ...(weight === undefined ? {} : { weight }),
    ...(headers.length === 0 ? {} : { headers }),
    ...(body.length === 0 ? {} : { body: { encoding: 'utf8', content: body.join('\n') } }),
  };
}

import { MeshwiseError } from '@meshwise/core';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { RequestInput } from './input.ts';
import { lineOf, scanJson } from './scan-json.ts';

const Requests = Type.Array(RequestInput, { minItems: 1, maxItems: 1_000 });
const FIELDS = Object.keys(RequestInput.properties);

/** A JSON array of `RequestInput`. Names a field that does not exist, too: a misspelt `header` would be a run without it. */
export function parseRequestJson(text: string, file: string): RequestInput[] {
  const { elements, wrongAt } = scanJson(text);
  // Nothing of the text is shown: there may be secrets in it.
  if (wrongAt !== undefined) throw new MeshwiseError('MW8001', 'not JSON', { file, line: lineOf(text, wrongAt) });
  const lineOfElement = (at: number) => lineOf(text, elements[at] ?? 0);
  const parsed: unknown = JSON.parse(text);
  if (!Value.Check(Requests, parsed)) {
    const [first] = Value.Errors(Requests, parsed);
    const steps = (first?.instancePath ?? '').split('/').slice(1);
    const field = steps.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join('');
    const line = lineOfElement(Number(steps[0] ?? 0));
    throw new MeshwiseError('MW8001', first?.message ?? 'not requests', { file, line, field });
  }
  for (const [at, request] of parsed.entries()) {
    const unknown = Object.keys(request).find((name) => !FIELDS.includes(name));
    if (unknown === undefined) continue;
    const [field, expected] = [`[${at}].${unknown}`, FIELDS.join(', ')];
    throw new MeshwiseError('MW8001', 'no such field', { file, line: lineOfElement(at), field, expected });
  }
  return parsed;
}

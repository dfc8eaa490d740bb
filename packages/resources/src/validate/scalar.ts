import type { FieldPath } from '../field-path.ts';
import type { FormatName } from '../kinds/schema.ts';
import { shown } from '../problem.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Finding } from './finding.ts';
import { FORMATS } from './formats.ts';
import type { JsonSchema } from './json-schema.ts';

/** Text, numbers, booleans, enums, and the two unions of scalars that Kubernetes has. */
export function checkScalar(
  schema: JsonSchema,
  value: unknown,
  path: FieldPath,
  report: (finding: Finding) => void,
): void {
  const mismatch = expectation(schema, value);
  if (mismatch === undefined) return;
  const { expected, meant, advice } = mismatch;
  report({
    code: 'MW1004',
    severity: 'error',
    message: meant === undefined ? 'The value does not fit' : `The value does not fit; did you mean ${shown(meant)}?`,
    path,
    found: shown(value),
    expected,
    advice,
  });
}

interface Mismatch {
  readonly expected: string;
  readonly meant?: string | undefined;
  readonly advice?: string;
}

function expectation(schema: JsonSchema, value: unknown): Mismatch | undefined {
  if (schema['x-kubernetes-int-or-string'] === true) {
    if (typeof value === 'string') return checkFormat(schema, value);
    return Number.isInteger(value) ? undefined : { expected: 'a whole number or a string' };
  }
  if (schema['x-meshwise-quantity'] === true) {
    if (typeof value === 'number') return undefined;
    return typeof value === 'string' ? checkFormat(schema, value) : { expected: FORMATS.quantity.expected };
  }
  if (schema.enum !== undefined) return checkEnum(schema.enum, value);
  if (schema.type === 'boolean') return typeof value === 'boolean' ? undefined : { expected: 'true or false' };
  if (schema.type === 'string') return checkString(schema, value);
  return checkNumber(schema, value);
}

function checkEnum(allowed: readonly string[], value: unknown): Mismatch | undefined {
  if (typeof value === 'string' && allowed.includes(value)) return undefined;
  const meant = typeof value === 'string' ? didYouMean(value, allowed) : undefined;
  return { expected: `one of ${allowed.join(', ')}`, meant };
}

function checkString(schema: JsonSchema, value: unknown): Mismatch | undefined {
  if (typeof value !== 'string') {
    const scalar = typeof value === 'number' || typeof value === 'boolean';
    const advice = { advice: 'Put the value in quotes: without them YAML reads a number or a boolean.' };
    return { expected: 'a string', ...(scalar ? advice : {}) };
  }
  if (schema.minLength !== undefined && value.length < schema.minLength) return { expected: 'text that is not empty' };
  return checkFormat(schema, value);
}

function checkFormat(schema: JsonSchema, value: string): Mismatch | undefined {
  const format = schema.format === undefined ? undefined : FORMATS[schema.format as FormatName];
  return format === undefined || format.test(value) ? undefined : { expected: format.expected };
}

function checkNumber(schema: JsonSchema, value: unknown): Mismatch | undefined {
  const noun = schema.type === 'integer' ? 'a whole number' : 'a number';
  const { minimum, maximum } = schema;
  const range =
    minimum !== undefined && maximum !== undefined
      ? `${noun} from ${minimum} to ${maximum}`
      : minimum !== undefined
        ? `${noun} of at least ${minimum}`
        : maximum !== undefined
          ? `${noun} of at most ${maximum}`
          : noun;
  if (typeof value !== 'number' || !Number.isFinite(value)) return { expected: range };
  if (schema.type === 'integer' && !Number.isInteger(value)) return { expected: range };
  const inside = value >= (minimum ?? value) && value <= (maximum ?? value);
  return inside ? undefined : { expected: range };
}

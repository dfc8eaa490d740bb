/**
 * The rules that Envoy's own schemas carry (protoc-gen-validate, `validate.rules`) and that Envoy checks before anything
 * else: lengths, ranges, required fields. Everything that can be said without an Envoy is said here, with the path.
 */
import { type DescField, type DescOneof, getOption, hasOption, isMessage, type Message } from '@bufbuild/protobuf';
import { DurationSchema } from '@bufbuild/protobuf/wkt';
import { registry } from '../../gen/registry.js';
import { type FieldRules, required, rules } from '../../gen/validate/validate_pb.js';
import { broken } from './field-rules.ts';
import { walk } from './walk.ts';

export interface BrokenRule {
  /** Path of the field, in the generated types' names. */
  readonly field: string;
  readonly problem: string;
}

export function brokenRules(message: Message): readonly BrokenRule[] {
  const found: BrokenRule[] = [];
  walk(message, (inner, path) => {
    const at = (name: string) => (path === '' ? name : `${path}.${name}`);
    const desc = registry.getMessage(inner.$typeName);
    for (const oneof of desc?.oneofs ?? []) {
      if (!isRequired(oneof) || chosenOf(inner, oneof) !== undefined) continue;
      found.push({ field: at(oneof.localName), problem: 'one of its fields is required' });
    }
    for (const { field, own } of ruled(desc?.fields ?? [])) {
      const problem = problemOf(inner, field, own);
      if (problem !== undefined) found.push({ field: at(field.localName), problem });
    }
    if (isMessage(inner, DurationSchema) && !isDuration(inner)) found.push({ field: path, problem: 'is no duration' });
  });
  return found;
}

const NANOS = 1_000_000_000;

/** Sign and size of nanoseconds, and the range (google.protobuf.Duration). */
function isDuration({ seconds, nanos }: { readonly seconds: bigint; readonly nanos: number }): boolean {
  const isSplit = (seconds > 0n && nanos < 0) || (seconds < 0n && nanos > 0);
  return Number.isInteger(nanos) && Math.abs(nanos) < NANOS && !isSplit && seconds <= 315_576_000_000n;
}

interface Ruled {
  readonly field: DescField;
  readonly own: FieldRules;
}

const known = new WeakMap<readonly DescField[], readonly Ruled[]>();

function ruled(fields: readonly DescField[]): readonly Ruled[] {
  const hit = known.get(fields);
  if (hit !== undefined) return hit;
  const found = fields
    .filter((field) => hasOption(field, rules))
    .map((field) => ({ field, own: getOption(field, rules) }));
  known.set(fields, found);
  return found;
}

function isRequired(oneof: DescOneof): boolean {
  return hasOption(oneof, required) && getOption(oneof, required);
}

function chosenOf(message: Message, oneof: DescOneof): string | undefined {
  const value = (message as unknown as Readonly<Record<string, { readonly case?: string } | undefined>>)[
    oneof.localName
  ];
  return value?.case;
}

function problemOf(message: Message, field: DescField, own: FieldRules): string | undefined {
  const fields = message as unknown as Readonly<Record<string, unknown>>;
  const { oneof } = field;
  const chosen = oneof === undefined ? undefined : (fields[oneof.localName] as { readonly value?: unknown });
  if (oneof !== undefined && chosenOf(message, oneof) !== field.localName) return undefined;
  const value = oneof === undefined ? fields[field.localName] : chosen?.value;
  if (value === undefined) {
    const isNeeded =
      own.message?.required === true ||
      ((own.type.case === 'duration' || own.type.case === 'any' || own.type.case === 'timestamp') &&
        own.type.value.required);
    return isNeeded ? 'is required' : undefined;
  }
  return broken(value, own);
}

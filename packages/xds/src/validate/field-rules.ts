import type { Message } from '@bufbuild/protobuf';
import { isMessage } from '@bufbuild/protobuf';
import { type Duration, DurationSchema } from '@bufbuild/protobuf/wkt';
import type { FieldRules } from '../../gen/validate/validate_pb.js';

/** A rule's fields are there only when they are set (proto2), so what is there is to be checked. */
type Rules = Readonly<Record<string, unknown>>;

/** What a value breaks of the rules of its field (protoc-gen-validate); undefined when it keeps them. */
export function broken(value: unknown, { type }: FieldRules): string | undefined {
  if (type.case === undefined) return undefined;
  const rules = type.value as unknown as Rules;
  if (type.case === 'string') return brokenText(String(value), rules);
  if (type.case === 'bytes') return brokenLength((value as Uint8Array).length, rules, 'bytes');
  if (type.case === 'repeated') return brokenList(value as readonly unknown[], rules);
  if (type.case === 'map') return brokenMap(value as object, rules);
  if (type.case === 'duration') return brokenDuration(value, rules);
  if (type.case === 'enum') return brokenChoice(value, rules);
  if (typeof value === 'number' || typeof value === 'bigint') return brokenNumber(value, rules);
  return undefined;
}

const has = (rules: Rules, name: string): boolean => Object.hasOwn(rules, name);
/** Unset fields have the default of their type by inheritance. */
const get = (rules: Rules, name: string): unknown => (has(rules, name) ? rules[name] : undefined);
const listOf = (rules: Rules, name: string): readonly unknown[] =>
  (rules[name] as readonly unknown[] | undefined) ?? [];

function brokenNumber(value: number | bigint, rules: Rules): string | undefined {
  const isEmpty = value === 0 || value === 0n;
  if (isEmpty && get(rules, 'ignoreEmpty') === true) return undefined;
  const limit = (name: string) => rules[name] as number | bigint;
  if (has(rules, 'gte') && value < limit('gte')) return `${value} is less than ${limit('gte')}`;
  if (has(rules, 'gt') && value <= limit('gt')) return `${value} is not more than ${limit('gt')}`;
  if (has(rules, 'lte') && value > limit('lte')) return `${value} is more than ${limit('lte')}`;
  if (has(rules, 'lt') && value >= limit('lt')) return `${value} is not less than ${limit('lt')}`;
  return brokenChoice(value, rules);
}

function brokenChoice(value: unknown, rules: Rules): string | undefined {
  const allowed = listOf(rules, 'in');
  if (has(rules, 'const') && value !== get(rules, 'const'))
    return `${String(value)} is not ${String(get(rules, 'const'))}`;
  if (allowed.length > 0 && !allowed.includes(value)) return `${String(value)} is none of ${allowed.join(', ')}`;
  if (listOf(rules, 'notIn').includes(value)) return `${String(value)} is not allowed`;
  return undefined;
}

function brokenLength(length: number, rules: Rules, what: string): string | undefined {
  const [least, most] = what === 'bytes' ? ['minBytes', 'maxBytes'] : ['minLen', 'maxLen'];
  const minimum = get(rules, least ?? '') ?? (what === 'bytes' ? get(rules, 'minLen') : undefined);
  if (typeof minimum === 'bigint' && length < minimum) return `is shorter than ${minimum} ${what}`;
  const maximum = get(rules, most ?? '');
  if (typeof maximum === 'bigint' && length > maximum) return `is longer than ${maximum} ${what}`;
  return undefined;
}

/** Envoy's readings of "a header name" and "a header value": loose ones refuse control characters only. */
const LOOSE = /[\0\r\n]/;
const HEADER_NAME = /^:?[0-9a-zA-Z!#$%&'*+\-.^_|~`]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what the rule is about.
const CONTROLS = /[\0-\x08\x0a-\x1f\x7f]/;
const KNOWN_NAME = 1;
const KNOWN_VALUE = 2;

function brokenText(value: string, rules: Rules): string | undefined {
  if (value === '' && get(rules, 'ignoreEmpty') === true) return undefined;
  const { wellKnown } = rules as { readonly wellKnown?: { readonly case?: string; readonly value?: unknown } };
  if (wellKnown?.case === 'wellKnownRegex' && value !== '') {
    const isStrict = !has(rules, 'strict') || get(rules, 'strict') === true;
    const isName = wellKnown.value === KNOWN_NAME && (isStrict ? !HEADER_NAME.test(value) : LOOSE.test(value));
    const isValue = wellKnown.value === KNOWN_VALUE && (isStrict ? CONTROLS.test(value) : LOOSE.test(value));
    if (isName) return `${JSON.stringify(value)} is no header name`;
    if (isValue) return `${JSON.stringify(value)} is no header value`;
  }
  const [pattern, prefix] = [get(rules, 'pattern'), get(rules, 'prefix')];
  if (typeof pattern === 'string' && !new RegExp(pattern).test(value)) {
    return `${JSON.stringify(value)} does not match ${pattern}`;
  }
  if (typeof prefix === 'string' && !value.startsWith(prefix)) {
    return `${JSON.stringify(value)} does not begin with ${prefix}`;
  }
  return (
    brokenLength([...value].length, rules, 'characters') ??
    brokenLength(
      Buffer.byteLength(value),
      { maxBytes: get(rules, 'maxBytes'), minBytes: get(rules, 'minBytes') },
      'bytes',
    ) ??
    brokenChoice(value, rules)
  );
}

function brokenList(value: readonly unknown[], rules: Rules): string | undefined {
  const [least, most] = [get(rules, 'minItems'), get(rules, 'maxItems')];
  if (value.length === 0 && get(rules, 'ignoreEmpty') === true) return undefined;
  if (typeof least === 'bigint' && value.length < least) return `has fewer than ${least} items`;
  if (typeof most === 'bigint' && value.length > most) return `has more than ${most} items`;
  if (get(rules, 'unique') === true && new Set(value).size < value.length) return 'has an item twice';
  const items = get(rules, 'items') as FieldRules | undefined;
  for (const item of items === undefined ? [] : value) {
    const problem = items === undefined ? undefined : broken(item, items);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function brokenMap(value: object, rules: Rules): string | undefined {
  const size = Object.keys(value).length;
  const [least, most] = [get(rules, 'minPairs'), get(rules, 'maxPairs')];
  if (typeof least === 'bigint' && size < least) return `has fewer than ${least} entries`;
  if (typeof most === 'bigint' && size > most) return `has more than ${most} entries`;
  const keys = get(rules, 'keys') as FieldRules | undefined;
  if (keys === undefined) return undefined;
  return Object.keys(value).flatMap((key) => broken(key, keys) ?? [])[0];
}

/** Protobuf's limit of a duration, which is Envoy's too: about 10,000 years. */
const MAX_SECONDS = 315_576_000_000n;

export function nanosOf({ seconds, nanos }: Duration): bigint {
  return seconds * 1_000_000_000n + BigInt(nanos);
}

function brokenDuration(value: unknown, rules: Rules): string | undefined {
  if (!isMessage(value as Message, DurationSchema)) return undefined;
  const duration = value as Duration;
  const own = nanosOf(duration);
  const limit = (name: string) => nanosOf(rules[name] as Duration);
  const text = `${Number(own) / 1e9} s`;
  if (has(rules, 'gt') && get(rules, 'gt') !== undefined && own <= limit('gt')) return `${text} is too short`;
  if (has(rules, 'gte') && get(rules, 'gte') !== undefined && own < limit('gte')) return `${text} is too short`;
  if (has(rules, 'lt') && get(rules, 'lt') !== undefined && own >= limit('lt')) return `${text} is too long`;
  if (has(rules, 'lte') && get(rules, 'lte') !== undefined && own > limit('lte')) return `${text} is too long`;
  return duration.seconds > MAX_SECONDS || duration.seconds < -MAX_SECONDS ? `${text} is out of range` : undefined;
}

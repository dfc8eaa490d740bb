import type { Condition } from '../plan.ts';
import { type KnownText, matches, withoutCase } from './known-text.ts';
import { liesIn } from './ranges.ts';
import { every, not, some, type Truth } from './truth.ts';

/** What is known of the thing that a condition is about. Ports are texts too. */
export type Facts = (condition: Condition) => KnownText;

/** Whether a condition holds: one of its alternatives (empty: any value, also none) does, and nothing that it excludes. */
export function holds(condition: Condition, facts: Facts): Truth {
  const text = facts(condition);
  switch (condition.of) {
    case 'source-ip':
    case 'remote-ip':
    case 'destination-ip':
      return alternatives(condition, (range) => inRange(range, text));
    case 'destination-port':
      return alternatives(condition, (port) => matches({ exact: String(port) }, text));
    case 'host':
      return alternatives(condition, (match) => matches(withoutCase(match), text));
    default:
      return alternatives<Parameters<typeof matches>[0]>(condition, (match) => matches(match, text));
  }
}

function alternatives<T>(
  { anyOf, noneOf }: { readonly anyOf: readonly T[]; readonly noneOf: readonly T[] },
  test: (value: T) => Truth,
): Truth {
  const wanted = anyOf.length === 0 ? true : some(anyOf.map(test));
  return every([wanted, not(some(noneOf.map(test)))]);
}

function inRange(range: string, text: KnownText): Truth {
  return 'values' in text ? text.values.some((address) => liesIn(address, range)) : 'unknown';
}

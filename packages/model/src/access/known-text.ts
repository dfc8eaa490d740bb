import type { PathMatch, TextMatch } from '../plan.ts';
import { templateExpression } from './path-template.ts';
import { matchesExpression } from './regular-expression.ts';
import { some, type Truth } from './truth.ts';

/**
 * What is known of a text that conditions look at: its values (none: it is not there; several: a list, of which one has
 * to match), or only whether there is one and what it is not.
 */
export type KnownText =
  | { readonly values: readonly string[] }
  | { readonly isThere: boolean; readonly isNot?: ReadonlySet<string> };

export const NOTHING: KnownText = { values: [] };
/** It may be there or not, and be anything. */
export const ANYTHING: KnownText = { isThere: false };
/** It is there and may be anything. */
export const SOMETHING: KnownText = { isThere: true };

export function just(value: string | undefined): KnownText {
  return value === undefined ? NOTHING : { values: [value] };
}

/** Whether a text matches. A regular expression that cannot be read here leaves it unknown. */
export function matches(match: PathMatch, text: KnownText): Truth {
  if ('values' in text) return some(text.values.map((value) => matchesValue(match, value)));
  if ('present' in match || takesEverything(match)) return text.isThere ? true : 'unknown';
  if ('exact' in match && text.isNot?.has(match.exact) === true) return false;
  return 'unknown';
}

function matchesValue(match: PathMatch, value: string): Truth {
  if ('present' in match) return true;
  if ('exact' in match) return value === match.exact;
  if ('prefix' in match) return value.startsWith(match.prefix);
  if ('suffix' in match) return value.endsWith(match.suffix);
  if ('template' in match) return templateExpression(match.template).test(value);
  return matchesExpression(match.regex, value) ?? 'unknown';
}

function takesEverything(match: PathMatch): boolean {
  if ('prefix' in match) return match.prefix === '';
  if ('suffix' in match) return match.suffix === '';
  return 'regex' in match && match.regex === '.*';
}

/** Names of hosts do not depend on case (RFC 9110, 4.2.3). */
export function withoutCase(match: TextMatch): TextMatch {
  if ('exact' in match) return { exact: match.exact.toLowerCase() };
  if ('prefix' in match) return { prefix: match.prefix.toLowerCase() };
  if ('suffix' in match) return { suffix: match.suffix.toLowerCase() };
  return 'regex' in match ? { regex: `(?i)${match.regex}` } : match;
}

import type { FieldReader } from './field-reader.ts';

/** Istio's limit; a program that RE2 makes of more could be too large for the proxy. */
const MAX_LENGTH = 1024;

/** What other engines know and RE2 does not: looking around, going back, atomic groups and possessive repetition. */
const NOT_RE2: readonly (readonly [RegExp, string])[] = [
  [/\(\?(?:[=!]|<[=!])/, 'looks around'],
  [/\\[1-9]|\\k[<{']/, 'refers back to a group'],
  [/\(\?>|[*+?}][*+]/, 'has an atomic group, or repeats a repetition'],
  [/(?:^|\||\((?!\?))[*+?]/, 'repeats nothing'],
  [/\\$/, 'ends within an escape'],
];

/**
 * Why a regular expression is none of RE2's (https://github.com/google/re2/wiki/Syntax), which is Envoy's syntax and so that
 * of every mesh that is read here; undefined when nothing speaks against it. Cheap checks only: whether it compiles, the
 * engine itself knows.
 */
export function whyNotRe2(expression: string): string | undefined {
  if (expression === '') return 'is empty';
  if (expression.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  // What is quoted or in a class means itself.
  const bare = expression.replaceAll(/\\Q.*?(?:\\E|$)|\\[^1-9k]|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]/gs, '.');
  const found = NOT_RE2.find(([pattern]) => pattern.test(bare));
  if (!isBalanced(bare)) return 'has a parenthesis without its other half';
  return found === undefined ? undefined : `${found[1]}, which RE2 cannot`;
}

/** What is not would mean something else where it becomes a part of another expression. */
function isBalanced(bare: string): boolean {
  let depth = 0;
  for (const character of bare) {
    if (character === '(') depth++;
    else if (character === ')' && --depth < 0) return false;
  }
  return depth === 0;
}

/** The member as a regular expression; undefined, and reported, when RE2 does not know it. */
export function readRegularExpression(field: FieldReader, name: string): string | undefined {
  const expression = field.string(name);
  const reason = expression === undefined ? undefined : whyNotRe2(expression);
  if (reason === undefined) return expression;
  field.invalid(name, reason);
  return undefined;
}

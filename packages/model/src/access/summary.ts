import type { Carried } from './carried.ts';
import type { DecidingRule } from './decide.ts';

/** A rule that may hold or not, by what a request is like. */
export interface ConditionalRule extends DecidingRule {
  /** `GET on /details*`. */
  readonly words: string;
}

/**
 * What a request has to be like. `one-of`: one of the rules has to hold; `none-of`: none may; `asks`: where one holds, the
 * authorizer is asked. With several conditions all have to be met.
 */
export interface AccessCondition {
  readonly needs: 'one-of' | 'none-of' | 'asks';
  readonly rules: readonly ConditionalRule[];
  /** Who is asked. */
  readonly authorizer?: string;
  /** On a port that carries both: for which of the two it is. Absent: whatever comes. */
  readonly carried?: Carried;
}

/**
 * What a client may do at a port of a server. `allowed`: every request, but those with a token that is not good;
 * `refused`: none; `some`: what meets all conditions.
 */
export interface AccessSummary {
  readonly verdict: 'allowed' | 'refused' | 'some';
  /** In words: why. */
  readonly reason: string;
  /** What decided; empty where no policy is the reason. */
  readonly by: readonly DecidingRule[];
  /** Only of `some`. */
  readonly conditions: readonly AccessCondition[];
}

/** All conditions in a sentence: `GET on /details*; but not POST on /admin; opa is asked`. */
export function conditionsWords(conditions: readonly AccessCondition[]): string {
  return conditions.map(inWords).join('; ');
}

function inWords({ needs, rules, authorizer, carried }: AccessCondition): string {
  const words = [...new Set(rules.map((rule) => rule.words))].join(' or ');
  const place = carried === undefined ? '' : carried === 'http' ? ' (of HTTP)' : ' (of bytes)';
  if (needs === 'one-of') return `only ${words}${place}`;
  if (needs === 'none-of') return `but not ${words}${place}`;
  return `${authorizer} is asked about ${words}${place}`;
}

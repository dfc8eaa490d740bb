import type { AuthorizationRule, Condition } from '../plan.ts';
import { type Facts, holds } from './conditions.ts';
import type { Truth } from './truth.ts';

type Alternatives = readonly (readonly Condition[])[];

/** What still has to hold for a rule to hold; each of the three as in the rule, without what is known to hold. */
export type OpenRule = Pick<AuthorizationRule, 'from' | 'to' | 'when' | 'origin'>;

/** Whether a rule holds, or what its holding depends on. */
export function tryRule(rule: AuthorizationRule, facts: Facts): boolean | OpenRule {
  const from = tryAlternatives(rule.from, facts);
  if (from === false) return false;
  const to = tryAlternatives(rule.to, facts);
  if (to === false) return false;
  const when = tryAll(rule.when, facts);
  if (when === false) return false;
  if (from.length === 0 && to.length === 0 && when.length === 0) return true;
  return { from, to, when, origin: rule.origin };
}

/** Alternatives that may still hold; none when one of them does or nothing is asked for, false when none can. */
function tryAlternatives(alternatives: Alternatives, facts: Facts): false | Alternatives {
  if (alternatives.length === 0) return [];
  const open: (readonly Condition[])[] = [];
  for (const alternative of alternatives) {
    const rest = tryAll(alternative, facts);
    if (rest === false) continue;
    if (rest.length === 0) return [];
    open.push(rest);
  }
  return open.length === 0 ? false : open;
}

/** Conditions that may still fail; false when one does. */
function tryAll(conditions: readonly Condition[], facts: Facts): false | readonly Condition[] {
  const open: Condition[] = [];
  for (const condition of conditions) {
    const truth: Truth = holds(condition, facts);
    if (truth === false) return false;
    if (truth === 'unknown') open.push(condition);
  }
  return open;
}

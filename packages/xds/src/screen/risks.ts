import { memoise } from '../envoy/memoise.ts';
import type { CheckUnit } from '../validate/check-unit.ts';

/**
 * What of a plan only Envoy can judge: regular expressions (RE2, which is not JavaScript's) and what takes the place of
 * what they find. Plans are data, so whatever has a pattern is found wherever it stands.
 */
export const risksOf = memoise((plan: object): readonly CheckUnit[] => {
  const found: CheckUnit[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { regex, pattern, substitution } = value as Readonly<Record<string, unknown>>;
    if (typeof regex === 'string') found.push({ kind: 'regex', pattern: regex });
    if (typeof pattern === 'string' && typeof substitution === 'string') {
      found.push({ kind: 'rewrite', pattern, substitution });
    }
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(plan);
  return found;
});

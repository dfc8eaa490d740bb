import type { AccessRule, AccessSummary } from '@meshwise/api';
import type { Tone } from '../output/tone.ts';

/** A verdict as a sign and a word, so that neither colours nor symbols are needed to read it. */
export const MARKS: Readonly<Record<AccessSummary['verdict'], { readonly text: string; readonly tone: Tone }>> = {
  allowed: { text: '✓ yes', tone: 'good' },
  refused: { text: '✗ no', tone: 'bad' },
  some: { text: '◐ some', tone: 'warn' },
};

/** `AuthorizationPolicy default/reviews-viewer spec.rules[0]`, each once. */
export function rulesText(rules: readonly AccessRule[]): string {
  const texts = rules.map(({ object: { kind, namespace, name }, field }) =>
    [kind, `${namespace}/${name}`, field].filter((part) => part !== null).join(' '),
  );
  return [...new Set(texts)].join(', ');
}

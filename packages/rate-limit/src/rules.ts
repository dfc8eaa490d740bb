/** One counter: so many requests in so much time. */
export interface Rule {
  /** `namespace/policy/name`. */
  readonly rule: string;
  readonly requests: number;
  readonly perMs: number;
}

/** What a file of rules says; throws a plain Error with the reason for anything else. */
export function parseRules(text: string): readonly Rule[] {
  const value: unknown = JSON.parse(text);
  const rules = isObject(value) ? value['rules'] : undefined;
  if (!Array.isArray(rules)) throw new Error('the file has no list of rules');
  return rules.map((rule, index): Rule => {
    if (!isObject(rule)) throw new Error(`rules[${index}] is no object`);
    const { rule: name, requests, perMs } = rule;
    if (typeof name !== 'string' || name === '') throw new Error(`rules[${index}].rule is no name`);
    if (typeof requests !== 'number' || !(requests >= 0)) throw new Error(`rules[${index}].requests is no number`);
    if (typeof perMs !== 'number' || !(perMs >= 1)) throw new Error(`rules[${index}].perMs is no time`);
    return { rule: name, requests, perMs };
  });
}

export function formatRules(rules: readonly Rule[]): string {
  return `${JSON.stringify({ rules }, null, 2)}\n`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRules, parseRules } from './rules.ts';

describe('a file of rules', () => {
  it('is read back as it was written', () => {
    const rule = fc.record({ rule: fc.string({ minLength: 1 }), requests: fc.nat(), perMs: fc.integer({ min: 1 }) });
    fc.assert(
      fc.property(fc.array(rule), (rules) => {
        expect(parseRules(formatRules(rules))).toEqual(rules);
      }),
    );
  });

  it.each([
    ['{}', 'no list of rules'],
    ['{"rules": [3]}', 'rules[0] is no object'],
    ['{"rules": [{"rule": "", "requests": 1, "perMs": 1}]}', 'rules[0].rule'],
    ['{"rules": [{"rule": "a", "requests": -1, "perMs": 1}]}', 'rules[0].requests'],
    ['{"rules": [{"rule": "a", "requests": 1, "perMs": 0}]}', 'rules[0].perMs'],
  ])('that says %s is refused', (text, reason) => {
    expect(() => parseRules(text)).toThrow(reason);
  });
});

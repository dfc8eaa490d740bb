import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Limiter } from './limiter.ts';

const RULE = { rule: 'default/reviews/all', requests: 3, perMs: 1_000 };
const by = (...values: readonly string[]) => [
  { key: 'rule', value: RULE.rule },
  ...values.map((value) => ({ key: 'header:x-user', value })),
];

function limiter() {
  const made = new Limiter();
  made.setRules([RULE]);
  return made;
}

describe('counting requests for all proxies together', () => {
  it('lets through as many as the rule says in a window, and again in the next', () => {
    const counting = limiter();
    const window = (startMs: number) => [0, 1, 2, 3].map((index) => counting.hit(by(), 1, startMs + index).allowed);
    expect(window(5_000)).toEqual([true, true, true, false]);
    expect(window(6_000)).toEqual([true, true, true, false]);
  });

  it('counts apart what the descriptor tells apart', () => {
    const counting = limiter();
    for (let index = 0; index < 3; index += 1) counting.hit(by('ann'), 1, 0);
    expect(counting.hit(by('ann'), 1, 0).allowed).toBe(false);
    expect(counting.hit(by('bob'), 1, 0).allowed).toBe(true);
  });

  it('says what is left and when the window ends', () => {
    expect(limiter().hit(by(), 2, 1_250)).toEqual({
      allowed: true,
      limit: { requests: 3, perMs: 1_000, remaining: 1, resetMs: 750 },
    });
  });

  it('limits nothing for a rule that it does not know', () => {
    expect(new Limiter().hit(by(), 1, 0)).toEqual({ allowed: true });
  });

  it('keeps the counters of rules that stay when rules are read again', () => {
    const counting = limiter();
    for (let index = 0; index < 3; index += 1) counting.hit(by(), 1, 0);
    counting.setRules([RULE, { ...RULE, rule: 'default/other/all' }]);
    expect(counting.hit(by(), 1, 0).allowed).toBe(false);
    counting.setRules([]);
    expect(counting.size).toBe(0);
  });

  it('never lets more through in a window than the rule says, whoever asks when', () => {
    const hit = fc.record({ user: fc.constantFrom('a', 'b'), at: fc.nat(5_000), hits: fc.integer({ min: 1, max: 3 }) });
    fc.assert(
      fc.property(fc.array(hit, { maxLength: 60 }), (hits) => {
        const counting = limiter();
        const passed = new Map<string, number>();
        for (const { user, at, hits: count } of hits.sort((a, b) => a.at - b.at)) {
          if (!counting.hit(by(user), count, at).allowed) continue;
          const window = `${user} ${Math.floor(at / RULE.perMs)}`;
          passed.set(window, (passed.get(window) ?? 0) + count);
        }
        expect(Math.max(0, ...passed.values())).toBeLessThanOrEqual(RULE.requests);
      }),
    );
  });

  it('keeps a bounded number of counters, however many values clients make up', () => {
    const counting = limiter();
    for (let index = 0; index < 100_500; index += 1) counting.hit(by(String(index)), 1, 0);
    expect(counting.size).toBeLessThanOrEqual(100_000);
  });
});

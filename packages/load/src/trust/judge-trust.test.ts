import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../result/summary.ts';
import { factsOf, times } from '../testing/trust-facts.ts';
import { judgeTrust } from './judge-trust.ts';

const LATE = times(100_000, 0.01, 5);
const RANK: readonly Verdict[] = ['trust', 'doubt', 'do not trust'];

describe('the trust in a run', () => {
  it('is given when nothing speaks against it', () => {
    const trust = judgeTrust(factsOf());
    expect(trust).toMatchObject({ verdict: 'trust', reason: 'All of 10 checks passed' });
  });

  it('is refused to a saturated generator with this as the first reason, and no word against the server', () => {
    const saturated = {
      generator: { busiestWorkerCores: 0.99, sharesCoresWithTarget: true },
      figures: { lag: LATE, dropped: 5_000 },
    };
    const { verdict, reason } = judgeTrust(factsOf({ ...saturated, sentInTime: 80_000 }));
    expect(verdict).toBe('do not trust');
    expect(reason).toMatch(/^The generator was saturated/);
    expect(reason).not.toMatch(/server (was|is) slow/i);
  });

  it('is refused in one sentence, however many reasons there are', () => {
    const nothing = { completed: 0, failed: 7, lag: times(0, 0), response: times(0, 0), service: times(0, 0) };
    const errors = [{ kind: 'dns', count: 7, sample: null }];
    expect(judgeTrust(factsOf({ figures: { ...nothing, errors }, sentInTime: 0 })).reason).toBe(
      'There was no good answer (7 errors, most of them dns); no request left; and 2 more reasons',
    );
  });

  it('is refused to a late generator on a core that it had to share, and to one on a core of its own only when it used it up', () => {
    const on = (sharesCoresWithTarget: boolean) =>
      judgeTrust(factsOf({ generator: { busiestWorkerCores: 0.7, sharesCoresWithTarget }, figures: { lag: LATE } }));
    expect(on(true).reason).toMatch(
      /^The generator may have been saturated: .* used 0.7 of a core that it shared with the target and/,
    );
    expect(on(false).verdict).toBe('trust');
  });

  it('is given to a run in which the server stood still, since response times count from when requests were due', () => {
    const stalled = { lag: times(100_000, 0.01, 900), response: times(100_000, 0.1, 950) };
    expect(judgeTrust(factsOf({ figures: stalled })).verdict).toBe('trust');
  });

  const anything = fc.record({
    sentInTime: fc.nat(100_000),
    pace: fc.constantFrom('open' as const, 'closed' as const),
    loopDelaysMs: fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { maxLength: 10 }),
    outcome: fc.record({ outcome: fc.constantFrom('completed' as const, 'stopped' as const, 'lost' as const) }),
    generator: fc.record({
      busiestWorkerCores: fc.double({ min: 0, max: 1.1, noNaN: true }),
      sharesCoresWithTarget: fc.constantFrom(true, false, null),
    }),
    figures: fc.record({
      completed: fc.nat(3).map((thousands) => thousands * 1_000),
      failed: fc.nat(1_000),
      dropped: fc.nat(2_000),
      lag: fc.constantFrom(times(1_000, 0.01), LATE, times(0, 0)),
      response: fc.constantFrom(times(30, 2), times(100_000, 2), times(0, 0)),
    }),
  });

  it('is that of the worst check, whose words are the reason', () => {
    fc.assert(
      fc.property(anything, (said) => {
        const { verdict, reason, checks } = judgeTrust(factsOf(said));
        const worst = Math.max(...checks.map((one) => RANK.indexOf(one.verdict)));
        expect(verdict).toBe(RANK[worst]);
        const deciding = checks.filter((one) => one.verdict === verdict);
        if (verdict !== 'trust') expect(reason.startsWith(deciding[0]?.text ?? 'none')).toBe(true);
        for (const { text } of checks) {
          expect(text).not.toMatch(/undefined|NaN|null|Infinity|\.$|^[a-z]/);
        }
      }),
    );
  });

  it('never grows when fewer requests were sent in time, or more were dropped', () => {
    fc.assert(
      fc.property(anything, fc.nat(100_000), (said, other) => {
        const rank = (sentInTime: number, dropped: number) =>
          RANK.indexOf(judgeTrust(factsOf({ ...said, sentInTime, figures: { ...said.figures, dropped } })).verdict);
        const [fewer, more] = [Math.min(other, said.sentInTime), Math.max(other, said.sentInTime)];
        expect(rank(fewer, 10)).toBeGreaterThanOrEqual(rank(more, 10));
        expect(rank(more, more)).toBeGreaterThanOrEqual(rank(more, 0));
      }),
    );
  });
});

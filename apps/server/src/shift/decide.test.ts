import type { TrafficShiftSpec } from '@meshwise/resources';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, type Standing } from './decide.ts';

const SPEC: TrafficShiftSpec = {
  targetRef: { kind: 'VirtualService', name: 'reviews' },
  versions: [
    { name: 'v1', host: 'reviews', subset: 'v1' },
    { name: 'v3', host: 'reviews', subset: 'v3' },
  ],
  steps: [
    { weights: { v1: 90, v3: 10 }, hold: '30s', gate: { minRequests: 200, successRate: 99 } },
    { weights: { v1: 50, v3: 50 }, hold: '30s', gate: {} },
    { weights: { v3: 100 } },
  ],
};
const standing = (change: Partial<Standing>): Standing => ({
  step: 0,
  heldMs: 30_000,
  isPaused: false,
  judged: { verdict: 'pass', checks: [] },
  ...change,
});
const verdict = (one: Standing['judged']['verdict']) => ({ judged: { verdict: one, checks: [] } });

describe('a shift', () => {
  test('goes on after the hold with a gate that passed, and is promoted after the last step', () => {
    expect(decide(SPEC, standing({}))).toMatchObject({ act: 'step', step: 1 });
    expect(decide(SPEC, standing({ heldMs: 29_999 }))).toMatchObject({ act: 'wait', why: 'holding, 29 s of 30 s' });
    expect(decide(SPEC, standing({ step: 2, heldMs: 0, ...verdict('none') }))).toMatchObject({ act: 'promote' });
  });

  test('goes back as soon as a gate fails, or stays where it is when it is to pause', () => {
    expect(decide(SPEC, standing({ heldMs: 1, ...verdict('fail') }))).toMatchObject({ act: 'restore' });
    const pausing: TrafficShiftSpec = { ...SPEC, onFailure: 'Pause' };
    expect(decide(pausing, standing({ heldMs: 1, ...verdict('fail') }))).toMatchObject({ act: 'stop' });
  });

  test('waits for data, for as long as it is told', () => {
    const lacking = standing({ heldMs: 89_000, ...verdict('insufficient') });
    expect(decide(SPEC, lacking)).toMatchObject({ act: 'wait' });
    expect(decide({ ...SPEC, dataTimeout: '1m' }, lacking)).toMatchObject({ act: 'wait' });
    expect(decide({ ...SPEC, dataTimeout: '1m' }, { ...lacking, heldMs: 90_000 })).toMatchObject({ act: 'restore' });
  });

  test('does nothing by itself while it is paused', () => {
    const paused: TrafficShiftSpec = { ...SPEC, paused: true };
    expect(decide(paused, standing({}))).toMatchObject({ act: 'pause' });
    expect(decide(paused, standing({ isPaused: true, ...verdict('fail') }))).toMatchObject({ act: 'wait' });
    expect(decide(SPEC, standing({ isPaused: true, ...verdict('fail') }))).toMatchObject({ act: 'resume' });
  });

  test('does what people ask for first, and goes back before it goes on', () => {
    const asked: TrafficShiftSpec = { ...SPEC, promote: true, paused: true };
    expect(decide(asked, standing(verdict('insufficient')))).toMatchObject({ act: 'promote' });
    expect(decide({ ...asked, abort: true }, standing({}))).toMatchObject({ act: 'restore' });
  });

  test('never goes forward by itself on a gate that failed or lacks data, nor before the hold', () => {
    const any = fc.record({
      step: fc.integer({ min: 0, max: 2 }),
      heldMs: fc.integer({ min: 0, max: 1e7 }),
      isPaused: fc.boolean(),
      judged: fc.constantFrom('pass', 'fail', 'insufficient', 'none').map((one) => ({ verdict: one, checks: [] })),
    });
    const asked = fc.record({ paused: fc.boolean(), onFailure: fc.constantFrom('Restore', 'Pause') });
    fc.assert(
      fc.property(any, asked, (state, change) => {
        const { act } = decide({ ...SPEC, ...change }, state);
        if (act !== 'step' && act !== 'promote') return;
        expect(change.paused).toBe(false);
        expect(['pass', 'none']).toContain(state.judged.verdict);
        expect(state.heldMs).toBeGreaterThanOrEqual(state.step === 2 ? 0 : 30_000);
      }),
      { numRuns: 1_000 },
    );
  });
});

import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { simulatedRun } from '../testing/simulated-run.ts';
import { compareRuns } from './compare-runs.ts';
import { Comparison } from './comparison.ts';
import { runUnits } from './run-units.ts';

const verdicts = ({ rows }: Comparison) =>
  Object.fromEntries(rows.map(({ metric, runs }) => [metric, runs.map(({ verdict }) => verdict).join()]));

describe('a comparison', () => {
  test('tells a slower run from the baseline, and what it cannot tell (000-58)', () => {
    const slower = simulatedRun({ id: 'b', seed: 2, meanMs: 3, failed: 40 });
    const comparison = compareRuns([simulatedRun({ id: 'a' }), slower]);
    expect(verdicts(comparison)).toMatchObject({
      responseP50Ms: 'worse',
      responseP99Ms: 'worse',
      serviceP99Ms: 'worse',
      'cpu:sidecar': 'unknown',
    });
    const p50 = comparison.rows.find(({ metric }) => metric === 'responseP50Ms');
    expect(p50?.baseline).toBe(simulatedRun({ id: 'a' }).record.summary?.response.p50Ms);
    expect(p50?.runs[0]?.percent).toBeGreaterThan(30);
    expect(p50?.runs[0]?.difference.low).toBeGreaterThan(0);
    expect(Value.Check(Comparison, JSON.parse(JSON.stringify(comparison)))).toBe(true);
  });

  test('calls a faster run better, and a run against itself within noise', () => {
    const run = simulatedRun({ id: 'a', meanMs: 3 });
    expect(verdicts(compareRuns([run, simulatedRun({ id: 'b' })])).responseP90Ms).toBe('better');
    const self = compareRuns([run, run]);
    expect(self.differences).toEqual([]);
    expect(verdicts(self)).toMatchObject({
      responseP50Ms: 'within noise',
      responseP999Ms: 'within noise',
      errorPercent: 'within noise',
    });
  });

  test('of two runs of the same thing is within noise nearly always', () => {
    let noisy = 0;
    for (let seed = 10; seed < 50; seed += 2) {
      const pair = [seed, seed + 1].map((one) => simulatedRun({ id: `run-${one}`, seed: one, rps: 60 }));
      if (verdicts(compareRuns(pair)).responseP50Ms === 'within noise') noisy += 1;
    }
    // Were it 95 of 100, fewer than 13 of 20 would come a few times in a million.
    expect(noisy).toBeGreaterThanOrEqual(13);
  });

  test('takes up to five, each against the first', () => {
    const runs = [1, 2, 3, 4, 5].map((seed) => simulatedRun({ id: `run-${seed}`, seed, seconds: 15 }));
    expect(compareRuns(runs).rows[0]?.runs.map(({ runId }) => runId)).toEqual(['run-2', 'run-3', 'run-4', 'run-5']);
  });

  test.each([0, 1, 6])('of %i results is refused (MW8007)', (count) => {
    const runs = Array.from({ length: count }, (_, seed) => simulatedRun({ id: `run-${seed}`, seed, seconds: 2 }));
    expect(() => compareRuns(runs)).toThrow(/^MW8007: .*found/);
  });

  test('with a run that has measured nothing is refused (MW8007)', () => {
    const empty = simulatedRun({ id: 'b', change: (record) => ({ ...record, state: 'failed', summary: null }) });
    expect(() => compareRuns([simulatedRun({ id: 'a' }), empty])).toThrow('MW8007: the run b has measured nothing');
    const running = simulatedRun({ id: 'b', change: (record) => ({ ...record, state: 'running', summary: null }) });
    expect(() => compareRuns([simulatedRun({ id: 'a' }), running])).toThrow('MW8007: the run b still runs');
  });

  test('says in words what differs, and warns when the runs are not alike', () => {
    const other = simulatedRun({
      id: 'b',
      rps: 400,
      change: (record) => ({
        ...record,
        name: 'after the change',
        state: 'stopped',
        target: { ...record.target, text: 'reviews.default/reviews/1' },
        environment: { ...record.environment, cores: 8, loadAverage: 5, configurationHash: 'f00d' },
      }),
    });
    const comparison = compareRuns([simulatedRun({ id: 'a' }), other]);
    expect(comparison.differences.map(({ words }) => words)).toEqual([
      'Target: productpage.default/productpage in the baseline, reviews.default/reviews/1 in “after the change”.',
      'Rate: 200 rps in the baseline, 400 rps in “after the change”.',
      'Configuration: c0ffee012345 in the baseline, f00d in “after the change”.',
      'Processor: 2 × AMD EPYC in the baseline, 8 × AMD EPYC in “after the change”.',
    ]);
    expect(comparison.warnings.map((warning) => warning.slice(0, 24))).toEqual([
      'The targets differ (targ',
      'The loads differ (rate):',
      'The machines differ (pro',
      '“after the change” did n',
      'The machine was busy bef',
      'Each run was made once: ',
    ]);
    const achieved = comparison.rows.find(({ metric }) => metric === 'achievedRps')?.runs[0];
    expect(achieved).toMatchObject({ verdict: 'unknown', reason: 'the runs were asked for different rates' });
  });

  test('of runs of a few seconds has figures and no verdict', () => {
    const runs = ['a', 'b'].map((id, seed) => simulatedRun({ id, seed, seconds: 6 }));
    const cell = compareRuns(runs).rows[0]?.runs[0];
    expect(cell).toMatchObject({ verdict: 'unknown', reason: 'single run: too few seconds for an interval' });
    expect(cell?.difference.value).not.toBeNull();
  });
});

describe('the seconds of a run', () => {
  test('leave out the warm-up, add up workers, and stay few however long it took', () => {
    const { intervals } = simulatedRun({ id: 'a', seconds: 10 });
    const both = [...intervals, ...intervals.map((interval) => ({ ...interval, worker: 1 }))];
    const units = runUnits(both);
    expect(units.map(({ completed, elapsedMs }) => [completed, elapsedMs])).toEqual(Array(10).fill([400, 1_000]));
    const [first] = intervals;
    const hour = Array.from({ length: 3_600 }, (_, second) => ({ ...first, second })) as typeof intervals;
    const coarse = runUnits(hour);
    expect(coarse.length).toBeLessThanOrEqual(200);
    expect(coarse.reduce((sum, { completed }) => sum + completed, 0)).toBe(3_600 * 200);
  });
});

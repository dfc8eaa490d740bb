import { FIGURE_WORDS } from '@meshwise/performance';
import { expect, test } from 'vitest';
import { experiment } from '../../../test/experiment-fixtures.ts';
import { differenceBadge, intervalText, measuredFigures, wholeCost } from './overhead.ts';

const report = experiment().report;
if (report === null) throw new Error('the fixture has a report');
const words = (figure: string) => {
  const found = FIGURE_WORDS.find((one) => one.figure === figure);
  if (found === undefined) throw new Error(figure);
  return found;
};

test('what the mesh costs is from no sidecar to both, though the steps between are known too', () => {
  expect(wholeCost(report)).toMatchObject({ from: 'none', to: 'both' });
});

test('an interval has the signs of its difference, and there is none of too few rounds', () => {
  const p90 = words('responseP90Ms');
  expect(intervalText(p90, { value: 1, low: -0.5, high: 1.5 }, 'difference')).toBe('−0.5 ms to +1.5 ms');
  expect(intervalText(p90, { value: 1, low: 0.5, high: 1.5 }, 'value')).toBe('0.5 ms to 1.5 ms');
  expect(intervalText(p90, { value: 1, low: null, high: null }, 'difference')).toBeUndefined();
});

test('more latency is worse, more throughput is better, and noise is neither', () => {
  const difference = { value: 1, low: 0.5, high: 2, verdict: 'more' as const };
  expect(differenceBadge(words('responseP99Ms'), difference).tone).toBe('degraded');
  expect(differenceBadge(words('achievedRps'), difference).tone).toBe('healthy');
  expect(differenceBadge(words('achievedRps'), { ...difference, verdict: 'within noise' }).label).toBe('Within noise');
});

test('what nobody could measure has no plot', () => {
  const unmeasured = { value: null, low: null, high: null, verdict: 'unknown' as const };
  const added = report.added.map((one) => ({ ...one, sidecarMemoryBytes: unmeasured }));
  const figures = measuredFigures({ ...report, added }).map(({ figure }) => figure);
  expect(figures).toContain('responseP50Ms');
  expect(figures).not.toContain('sidecarMemoryBytes');
});

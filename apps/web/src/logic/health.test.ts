import { expect, test } from 'vitest';
import {
  countHealth,
  HEALTH_ORDER,
  healthRank,
  isProblem,
  problemReason,
  severityHealth,
  severityRank,
} from './health.ts';

test('failing sorts before degraded, and unknown before anything that is well', () => {
  const mixed = ['healthy', 'unknown', 'failing', 'idle', 'degraded'] as const;
  expect(mixed.toSorted((a, b) => healthRank(a) - healthRank(b))).toEqual(HEALTH_ORDER);
  expect(healthRank('unknown')).toBeLessThan(healthRank('idle'));
});

test('unknown is neither a problem nor healthy', () => {
  expect(isProblem('unknown')).toBe(false);
  expect(countHealth([{ health: 'unknown' }])).toEqual({ failing: 0, degraded: 0, unknown: 1, idle: 0, healthy: 0 });
});

test('the reason is shown for what is not well and for what is unknown, not for what is idle', () => {
  expect(problemReason({ health: 'failing', reason: 'down' })).toBe('down');
  expect(problemReason({ health: 'unknown', reason: 'no sidecar' })).toBe('no sidecar');
  expect(problemReason({ health: 'idle', reason: 'no requests' })).toBeNull();
  expect(problemReason({ health: 'failing', reason: null })).toBeNull();
});

test('an error condition counts as failing, a warning as degraded and a remark as nothing', () => {
  expect(severityHealth('error')).toBe('failing');
  expect(severityHealth('warning')).toBe('degraded');
  expect(isProblem(severityHealth('info'))).toBe(false);
  expect(severityRank('error')).toBeLessThan(severityRank('warning'));
});

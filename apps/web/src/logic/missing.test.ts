import { expect, test } from 'vitest';
import { missingTrafficReason, missingUseReason } from './missing.ts';

const NOTHING = { requestsPerSecond: null, errorPercent: null, latencyP50Ms: null, latencyP99Ms: null };

test('a missing figure says why: no requests, no measurement yet, or nobody to report it', () => {
  expect(missingTrafficReason({ measuredAt: 'x' }, { ...NOTHING, requestsPerSecond: 0 })).toBe(
    'No requests in the last window',
  );
  expect(missingTrafficReason({ measuredAt: null }, NOTHING)).toBe('Not measured yet');
  expect(missingTrafficReason({ measuredAt: 'x' }, NOTHING)).toBe('No proxy reported it');
  expect(missingUseReason({ measuredAt: null })).not.toBe(missingUseReason({ measuredAt: 'x' }));
});

import { expect, test } from 'vitest';
import { ISTIO_RETRY_ON, retryPolicy } from './retries.ts';

test('a route without retries gets no policy, and neither does one with zero attempts', () => {
  expect(retryPolicy(undefined)).toBeUndefined();
  expect(retryPolicy({ attempts: 0, retryOn: '5xx' })).toBeUndefined();
});

test('status codes among the words become retriable status codes', () => {
  const policy = retryPolicy({ attempts: 3, perTryTimeoutMs: 1_500, retryOn: 'gateway-error, 409,connect-failure' });
  expect(policy).toMatchObject({
    retryOn: 'gateway-error,connect-failure,retriable-status-codes',
    retriableStatusCodes: [409],
    numRetries: 3,
    perTryTimeout: { seconds: 1n, nanos: 500_000_000 },
  });
});

test('attempts without conditions mean those of Istio', () => {
  expect(ISTIO_RETRY_ON).toContain('connect-failure');
  // No answer of a program is repeated unless asked for: the program may have acted on the request.
  expect(retryPolicy({ attempts: 1 })).toMatchObject({
    retryOn: ISTIO_RETRY_ON,
    retriableStatusCodes: [],
    numRetries: 1,
  });
});

import { impossible } from './impossible.ts';
import type { LoadInput } from './input.ts';
import type { LoadConnections } from './plan.ts';

/** How many requests a connection carries: no limit by default, one without keep-alive. */
export function completeReuse({
  keepAlive,
  requestsPerConnection,
}: LoadInput): LoadConnections['requestsPerConnection'] {
  const range = requestsPerConnection ?? null;
  if (range !== null && range.min > range.max) {
    const found = `${range.min} to ${range.max}`;
    throw impossible('requestsPerConnection', 'the least is more than the most', { found, expected: 'min ≤ max' });
  }
  if (keepAlive !== false) return range;
  if (range !== null && range.max > 1) {
    const found = `keepAlive false and up to ${range.max} requests`;
    throw impossible('requestsPerConnection', 'contradicts keepAlive', { found, expected: 'one or the other' });
  }
  return { min: 1, max: 1 };
}

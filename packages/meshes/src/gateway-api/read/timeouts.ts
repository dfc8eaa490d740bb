import type { FieldReader, Forwarding, Retries } from '@meshwise/model';
import { readGatewayDurationMs } from './durations.ts';
import { readWhole } from './numbers.ts';

/** Where nothing says how often: as often as Istio does. */
const DEFAULT_ATTEMPTS = 2;
/** What HTTPRouteRetry says is retried in any case: connections that fail or break off. */
const CONNECTION_FAILURES = ['connect-failure', 'refused-stream', 'reset'];
const MAX_ATTEMPTS = 0x7fff_ffff;

/** `timeouts` and `retry` of a rule; a time of 0 is none. */
export function readTimes(rule: FieldReader): Pick<Forwarding, 'timeoutMs' | 'retries'> {
  const timeouts = rule.object('timeouts');
  const requestMs = readGatewayDurationMs(timeouts, 'request');
  const backendMs = readGatewayDurationMs(timeouts, 'backendRequest') ?? 0;
  timeouts?.rest();
  if (requestMs !== undefined && requestMs > 0 && backendMs > requestMs)
    timeouts?.invalid('backendRequest', 'is longer than request, which holds');
  const retries = readRetry(rule.object('retry'), backendMs);
  // Without retries of its own a rule has one time: the shorter.
  const isBounded = retries === undefined && backendMs > 0 && (requestMs === undefined || requestMs === 0);
  const shorterMs =
    retries === undefined && backendMs > 0 && requestMs !== undefined && requestMs > 0
      ? Math.min(requestMs, backendMs)
      : requestMs;
  const timeoutMs = isBounded ? backendMs : shorterMs;
  return { ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(retries === undefined ? {} : { retries }) };
}

function readRetry(field: FieldReader | undefined, perTryTimeoutMs: number): Retries | undefined {
  if (field === undefined) return undefined;
  const attempts = readWhole(field, 'attempts', { from: 0, to: MAX_ATTEMPTS });
  const backoffMs = readGatewayDurationMs(field, 'backoff') ?? 0;
  const codes = field.list('codes').flatMap((code) => {
    const status = Number(code.value);
    if (Number.isInteger(status) && status >= 400 && status <= 599) return [String(status)];
    code.invalid(undefined, 'is no status of an error');
    return [];
  });
  field.rest();
  return {
    attempts: attempts ?? DEFAULT_ATTEMPTS,
    retryOn: [...CONNECTION_FAILURES, ...codes].join(','),
    ...(perTryTimeoutMs > 0 ? { perTryTimeoutMs } : {}),
    ...(backoffMs > 0 ? { backoffMs } : {}),
  };
}

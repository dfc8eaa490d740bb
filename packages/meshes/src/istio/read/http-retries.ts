import type { FieldReader, Retries } from '@meshwise/model';
import { readDurationMs, readWhole } from './numbers.ts';

/** Conditions that Envoy's router knows (`x-envoy-retry-on`, `x-envoy-retry-grpc-on`); Istio passes them on. */
const CONDITIONS: readonly string[] = [
  ...['5xx', 'gateway-error', 'reset', 'reset-before-request', 'connect-failure', 'retriable-4xx', 'refused-stream'],
  ...['retriable-status-codes', 'retriable-headers', 'envoy-ratelimited', 'http3-post-connect-failure'],
  ...['cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable'],
];
const STATUS = /^[1-5][0-9]{2}$/;
const MAX_ATTEMPTS = 0x7fff_ffff;

/** `retries` of an HTTP rule. No attempts means none, not those of the mesh. */
export function readRetries(field: FieldReader | undefined): Retries | undefined {
  if (field === undefined) return undefined;
  const attempts = readWhole(field, 'attempts', { from: 0, to: MAX_ATTEMPTS }) ?? 0;
  const perTryTimeoutMs = readDurationMs(field, 'perTryTimeout');
  const backoffMs = readDurationMs(field, 'backoff', 1);
  const retryOn = readConditions(field);
  const otherLocalities = field.boolean('retryRemoteLocalities');
  const ignorePreviousHosts = field.boolean('retryIgnorePreviousHosts');
  field.rest();
  return {
    attempts,
    ...(perTryTimeoutMs === undefined ? {} : { perTryTimeoutMs }),
    ...(retryOn === undefined ? {} : { retryOn }),
    ...(backoffMs === undefined ? {} : { backoffMs }),
    ...(ignorePreviousHosts === undefined ? {} : { ignorePreviousHosts }),
    ...(otherLocalities === undefined ? {} : { otherLocalities }),
  };
}

function readConditions(field: FieldReader): string | undefined {
  const words = (field.string('retryOn') ?? '').split(',').map((word) => word.trim());
  const written = words.filter((word) => word !== '');
  const known = written.filter((word) => CONDITIONS.includes(word) || STATUS.test(word));
  for (const word of written) if (!known.includes(word)) field.invalid('retryOn', `has ${word}, which is no condition`);
  if (written.length === 0) return undefined;
  // Conditions none of which is known must not turn into those of the mesh.
  return known.length === 0 ? 'retriable-status-codes' : known.join(',');
}

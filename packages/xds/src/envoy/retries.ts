import { create } from '@bufbuild/protobuf';
import type { Retries } from '@meshwise/model';
import { type RetryPolicy, RetryPolicySchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { PreviousHostsPredicateSchema } from '../../gen/envoy/extensions/retry/host/previous_hosts/v3/previous_hosts_pb.js';
import { durationOf, packed } from './packing.ts';

/** What Istio retries on when a VirtualService asks for attempts and does not say on what (`retries.retryOn`). */
export const ISTIO_RETRY_ON = 'connect-failure,refused-stream,unavailable,cancelled';
const HOST_SELECTION_ATTEMPTS = 5n;

/** Nothing for a route that asks for none: Envoy then retries nothing. Status codes among the words as Istio reads them. */
export function retryPolicy(retries: Retries | undefined): RetryPolicy | undefined {
  if (retries === undefined || retries.attempts <= 0) return undefined;
  const words = (retries.retryOn ?? ISTIO_RETRY_ON)
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const codes = words.filter((word) => /^[1-5][0-9]{2}$/.test(word)).map(Number);
  const conditions = words.filter((word) => !/^[0-9]+$/.test(word));
  if (codes.length > 0 && !conditions.includes('retriable-status-codes')) conditions.push('retriable-status-codes');
  return create(RetryPolicySchema, {
    retryOn: conditions.join(','),
    numRetries: retries.attempts,
    retriableStatusCodes: codes,
    ...(retries.perTryTimeoutMs === undefined ? {} : { perTryTimeout: durationOf(retries.perTryTimeoutMs) }),
    // A retry goes to another endpoint when there is one.
    retryHostPredicate: [
      {
        name: 'envoy.retry_host_predicates.previous_hosts',
        configType: { case: 'typedConfig', value: packed(PreviousHostsPredicateSchema, {}) },
      },
    ],
    hostSelectionRetryMaxAttempts: HOST_SELECTION_ATTEMPTS,
  });
}

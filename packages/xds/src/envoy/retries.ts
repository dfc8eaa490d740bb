import { create } from '@bufbuild/protobuf';
import type { Retries } from '@meshwise/model';
import { type RetryPolicy, RetryPolicySchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { PreviousHostsPredicateSchema } from '../../gen/envoy/extensions/retry/host/previous_hosts/v3/previous_hosts_pb.js';
import { PreviousPrioritiesConfigSchema } from '../../gen/envoy/extensions/retry/priority/previous_priorities/v3/previous_priorities_config_pb.js';
import { durationOf, packed } from './packing.ts';

/** What Istio retries on when a VirtualService asks for attempts and does not say on what (`retries.retryOn`). */
export const ISTIO_RETRY_ON = 'connect-failure,refused-stream,unavailable,cancelled';
const HOST_SELECTION_ATTEMPTS = 5n;
/** After how many attempts the localities that were tried are looked at again; Istio's. */
const PRIORITY_UPDATE_FREQUENCY = 2;

const PREVIOUS_HOSTS = {
  name: 'envoy.retry_host_predicates.previous_hosts',
  configType: { case: 'typedConfig' as const, value: packed(PreviousHostsPredicateSchema, {}) },
};
const PREVIOUS_PRIORITIES = {
  name: 'envoy.retry_priorities.previous_priorities',
  configType: {
    case: 'typedConfig' as const,
    value: packed(PreviousPrioritiesConfigSchema, { updateFrequency: PRIORITY_UPDATE_FREQUENCY }),
  },
};

export interface RetryOptions {
  /** Requests belong to an endpoint: a retry goes there again, unless the Plan says otherwise. */
  readonly isHashed?: boolean;
}

/** Nothing for a route that asks for none: Envoy then retries nothing. Status codes among the words as Istio reads them. */
export function retryPolicy(retries: Retries | undefined, options: RetryOptions = {}): RetryPolicy | undefined {
  if (retries === undefined || retries.attempts <= 0) return undefined;
  const words = (retries.retryOn ?? ISTIO_RETRY_ON)
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const codes = words.filter((word) => /^[1-5][0-9]{2}$/.test(word)).map(Number);
  const conditions = words.filter((word) => !/^[0-9]+$/.test(word));
  if (codes.length > 0 && !conditions.includes('retriable-status-codes')) conditions.push('retriable-status-codes');
  // A retry goes to another endpoint when there is one.
  const ignoresPrevious = retries.ignorePreviousHosts ?? options.isHashed !== true;
  return create(RetryPolicySchema, {
    retryOn: conditions.join(','),
    numRetries: retries.attempts,
    retriableStatusCodes: codes,
    retryHostPredicate: ignoresPrevious ? [PREVIOUS_HOSTS] : [],
    hostSelectionRetryMaxAttempts: HOST_SELECTION_ATTEMPTS,
    ...(retries.perTryTimeoutMs === undefined ? {} : { perTryTimeout: durationOf(retries.perTryTimeoutMs) }),
    ...(retries.backoffMs === undefined ? {} : { retryBackOff: { baseInterval: durationOf(retries.backoffMs) } }),
    ...(retries.otherLocalities === true ? { retryPriority: PREVIOUS_PRIORITIES } : {}),
  });
}

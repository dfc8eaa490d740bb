import { create } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import type { GlobalRateLimit, LocalRateLimit, RateLimitDescriptor } from '@meshwise/model';
import { ApiVersion } from '../../gen/envoy/config/core/v3/config_source_pb.js';
import {
  type RateLimit,
  type RateLimit_Action,
  RateLimit_ActionSchema,
  RateLimitSchema as RouteRateLimitSchema,
} from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { XRateLimitHeadersRFCVersion } from '../../gen/envoy/extensions/common/ratelimit/v3/ratelimit_pb.js';
import { LocalRateLimitSchema } from '../../gen/envoy/extensions/filters/http/local_ratelimit/v3/local_rate_limit_pb.js';
import {
  RateLimitSchema,
  RateLimit_XRateLimitHeadersRFCVersion as XRateLimitHeaders,
} from '../../gen/envoy/extensions/filters/http/ratelimit/v3/rate_limit_pb.js';
import { FractionalPercent_DenominatorType as Denominator } from '../../gen/envoy/type/v3/percent_pb.js';
import { durationOf, packed } from './packing.ts';
import { headerMatcher } from './string-match.ts';

export const LOCAL_RATE_LIMIT_FILTER = 'envoy.filters.http.local_ratelimit';
/** Two, since what happens while the service is silent is a property of the filter and not of a rule. */
export const GLOBAL_RATE_LIMIT_FILTERS = {
  allow: 'envoy.filters.http.ratelimit',
  deny: 'envoy.filters.http.ratelimit.deny',
} as const;

/** The cluster of the rate-limit service and the domain under which it is asked. */
export const RATE_LIMIT_CLUSTER = 'rate-limit';
export const RATE_LIMIT_DOMAIN = 'meshwise';

const SERVICE_TIMEOUT_MS = 100;
const STAGES = { allow: 0, deny: 1 } as const;
const ALWAYS = { defaultValue: { numerator: 100, denominator: Denominator.HUNDRED } };

/** The filter itself limits nothing; routes bring their bucket, and so limits act on open connections. */
export function localRateLimitFilter(): Any {
  return packed(LocalRateLimitSchema, { statPrefix: 'http_local_rate_limiter' });
}

export function routeLocalRateLimit(limit: LocalRateLimit): Any {
  return packed(LocalRateLimitSchema, {
    statPrefix: 'http_local_rate_limiter',
    tokenBucket: {
      maxTokens: limit.tokens,
      tokensPerFill: limit.tokensPerFill,
      fillInterval: durationOf(limit.fillIntervalMs),
    },
    filterEnabled: ALWAYS,
    filterEnforced: ALWAYS,
    enableXRatelimitHeaders: XRateLimitHeadersRFCVersion.DRAFT_VERSION_03,
    ...(limit.status === undefined ? {} : { status: { code: limit.status } }),
  });
}

/** envoy.service.ratelimit.v3 in a process of our own; `deny` refuses requests while it does not answer. */
export function globalRateLimitFilter(onFailure: GlobalRateLimit['onFailure']): Any {
  return packed(RateLimitSchema, {
    domain: RATE_LIMIT_DOMAIN,
    stage: STAGES[onFailure],
    timeout: durationOf(SERVICE_TIMEOUT_MS),
    failureModeDeny: onFailure === 'deny',
    rateLimitService: {
      transportApiVersion: ApiVersion.V3,
      grpcService: { targetSpecifier: { case: 'envoyGrpc', value: { clusterName: RATE_LIMIT_CLUSTER } } },
    },
    enableXRatelimitHeaders: XRateLimitHeaders.DRAFT_VERSION_03,
  });
}

/** What a route asks the service about. */
export function routeRateLimits(limits: readonly GlobalRateLimit[] | undefined): RateLimit[] {
  return (limits ?? []).map((limit) =>
    create(RouteRateLimitSchema, {
      stage: STAGES[limit.onFailure],
      actions: [ruleAction(limit.rule), ...limit.descriptors.map(descriptorAction)],
    }),
  );
}

function ruleAction(rule: string): RateLimit_Action {
  return create(RateLimit_ActionSchema, {
    actionSpecifier: { case: 'genericKey', value: { descriptorKey: 'rule', descriptorValue: rule } },
  });
}

/** A header that is not there ends the descriptor: such requests are not counted (route_components.proto). */
function descriptorAction(descriptor: RateLimitDescriptor): RateLimit_Action {
  switch (descriptor.kind) {
    case 'generic':
      return create(RateLimit_ActionSchema, {
        actionSpecifier: { case: 'genericKey', value: { descriptorValue: descriptor.value } },
      });
    case 'header':
      return create(RateLimit_ActionSchema, {
        actionSpecifier: {
          case: 'requestHeaders',
          value: { headerName: descriptor.name, descriptorKey: `header:${descriptor.name.toLowerCase()}` },
        },
      });
    case 'source-address':
      return create(RateLimit_ActionSchema, { actionSpecifier: { case: 'remoteAddress', value: {} } });
    case 'header-match':
      return create(RateLimit_ActionSchema, {
        actionSpecifier: {
          case: 'headerValueMatch',
          value: {
            descriptorValue: descriptor.value,
            headers: [headerMatcher(descriptor.name, descriptor.match)],
          },
        },
      });
  }
}

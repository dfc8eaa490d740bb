import { create } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import type { CorsPolicy, StringMatch } from '@meshwise/model';
import { CorsPolicySchema, CorsSchema } from '../../gen/envoy/extensions/filters/http/cors/v3/cors_pb.js';
import {
  type HttpFilter,
  HttpFilterSchema,
} from '../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { packed } from './packing.ts';
import { percentage } from './percentages.ts';
import { stringMatcher } from './string-match.ts';

/** Name of the filter and of its per-route configuration. */
export const CORS_FILTER = 'envoy.filters.http.cors';

/** Does nothing but on routes that have a policy. It never changes, so it may stand in the listener itself. */
export const CORS: HttpFilter = create(HttpFilterSchema, {
  name: CORS_FILTER,
  configType: { case: 'typedConfig', value: packed(CorsSchema, {}) },
});

export function routeCors(policy: CorsPolicy): Any {
  return packed(CorsPolicySchema, {
    allowOriginStringMatch: policy.allowOrigins.map(originMatcher),
    allowMethods: policy.allowMethods.join(','),
    allowHeaders: policy.allowHeaders.join(','),
    exposeHeaders: policy.exposeHeaders.join(','),
    filterEnabled: { defaultValue: percentage(100) },
    forwardNotMatchingPreflights: policy.unmatchedPreflights !== 'ignore',
    ...(policy.maxAgeMs === undefined ? {} : { maxAge: String(Math.trunc(policy.maxAgeMs / 1000)) }),
    ...(policy.allowCredentials === undefined ? {} : { allowCredentials: policy.allowCredentials }),
  });
}

/** Any origin, where only its presence is asked for. */
function originMatcher(match: StringMatch) {
  return stringMatcher('present' in match ? { regex: '.*' } : match);
}

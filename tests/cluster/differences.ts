import { GATEWAY_API_DIFFERENCES } from './listed/gateway-api.ts';
import type { ListedDifference } from './listed/listed-difference.ts';
import { SECURITY_DIFFERENCES } from './listed/security.ts';

/**
 * Where the two sides differ, and why that is right. docs/oracle.md is made of this. An entry that no longer differs fails
 * the run: it has to go.
 */

/** Request headers that proxies add about themselves; left out of what is compared. */
export const PROXY_MADE_REQUEST_HEADERS: Readonly<Record<string, string>> = {
  'x-request-id': 'a random number',
  'x-envoy-decorator-operation': 'the name of a span of tracing, of no meaning to programs',
};

/** Response headers that are about the connection or the moment. */
export const PROXY_MADE_RESPONSE_HEADERS: Readonly<Record<string, string>> = {
  date: 'the time',
  'x-envoy-upstream-service-time': 'a duration',
  connection: "of the client's connection",
  'x-envoy-decorator-operation': 'the name of a span of tracing, of no meaning to programs',
};

/** Bodies of a 503 that a proxy answers by itself, taken for one. */
export const NOBODY_THERE = {
  texts: ['', 'no healthy upstream'],
  reason:
    'a destination that does not exist is a name of nothing to istiod, and a service without servers to Meshwise, so that Envoy never meets a reference to nothing; programs see a 503 either way',
};

export const DIFFERENCES: readonly ListedDifference[] = [...SECURITY_DIFFERENCES, ...GATEWAY_API_DIFFERENCES];

import type { RoutePlan } from '@meshwise/model';

const IMPLIED: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** A Host with a port (RFC 9110, 7.2). */
const WITH_PORT = { name: ':authority', match: { regex: '.*:[0-9]+' } } as const;

/**
 * A port that the scheme of a redirect implies should not stand in its Location (Gateway API, HTTPRequestRedirectFilter
 * `port`). Envoy either writes the port that it is told or leaves the one of the request, so that only requests that name
 * one are told.
 */
export function withoutImpliedPorts(plan: RoutePlan): readonly RoutePlan[] {
  const { action, match } = plan;
  if (action.kind !== 'redirect' || action.scheme === undefined || action.port !== IMPLIED[action.scheme])
    return [plan];
  const plain: RoutePlan = { ...plan, action: { ...action, port: 'protocol-default' } };
  if (action.authority !== undefined) return [plain];
  return [{ ...plan, match: { ...match, headers: [...match.headers, WITH_PORT] } }, plain];
}

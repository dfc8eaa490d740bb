import { selects } from '../model/labels.ts';
import type { ClientMatch, RuleMatch } from '../model/routing.ts';
import { fullGatewayName } from './item-database.ts';
import type { View } from './view.ts';

/** Where and for whom rules are read: the listening port, the gateway (`mesh` or `namespace/name`), and the client. */
export interface RouteScope {
  readonly port: number;
  readonly gateway: string;
  readonly view: View;
  /** TLS ends at the listener: requests are of scheme https. */
  readonly isTls?: boolean;
}

/** Whether an alternative is for the gateway, by the gateways it names itself. Undefined when it names none. */
function gatewayMatches(match: ClientMatch, namespace: string, gateway: string): boolean | undefined {
  const names = match.gateways?.map((name) => (name === 'mesh' ? name : fullGatewayName(name, namespace)));
  return names?.includes(gateway);
}

function clientMatches({ sourceNamespace, sourceLabels }: ClientMatch, view: View): boolean {
  if (sourceNamespace !== undefined && sourceNamespace !== view.namespace) return false;
  return selects(sourceLabels ?? {}, view.labels);
}

/**
 * Whether an alternative of an HTTP rule is for somebody. One that names gateways is for whoever comes to them, whatever
 * else it says of the client: the match by gateways is independent of `sourceLabels` (Istio, HTTPMatchRequest). Claims are
 * known at gateways only, where tokens are verified before a request is routed.
 */
export function httpMatchApplies(match: RuleMatch, namespace: string, scope: RouteScope): boolean {
  if (match.port !== undefined && match.port !== scope.port) return false;
  if (match.http.claims !== undefined && scope.gateway === 'mesh') return false;
  return gatewayMatches(match, namespace, scope.gateway) ?? clientMatches(match, scope.view);
}

/** The same for rules of bytes, where everything has to hold (Istio, L4MatchAttributes and TLSMatchAttributes). */
export function byteMatchApplies(match: ClientMatch, namespace: string, scope: RouteScope): boolean {
  if (match.port !== undefined && match.port !== scope.port) return false;
  return (gatewayMatches(match, namespace, scope.gateway) ?? true) && clientMatches(match, scope.view);
}

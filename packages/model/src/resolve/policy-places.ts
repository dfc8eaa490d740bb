import { compareText } from '../model/item.ts';
import { selects } from '../model/labels.ts';
import type { AuthorizationItem, TokenPolicyItem } from '../model/security.ts';
import { GATEWAY_NAME_LABEL } from './class-gateways.ts';

type Policy = AuthorizationItem | TokenPolicyItem;

/** Whom policies are for. */
export interface PolicySubject {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of a proxy that is run for a Gateway of the Gateway API. */
  readonly gatewayClass?: string;
}

/**
 * Under which keys a policy of security is kept, for proxies to look for their own. One with a selector is kept under one
 * of its labels, so that it is found by the few proxies that have that label: with a thousand policies for a thousand
 * workloads of one namespace, a change of one of them is looked at by one.
 */
export function placesOf({ namespace, selector, targets }: Policy): readonly string[] {
  if (targets !== undefined) {
    return [...new Set(targets.map(({ kind, name }) => `${namespace} ${kind} ${name}`))];
  }
  const [first] = Object.entries(selector ?? {}).sort(([a], [b]) => compareText(a, b));
  return [first === undefined ? namespace : `${namespace} ${first[0]}=${first[1]}`];
}

/**
 * Where a policy stands that may be for this proxy: in its own namespace, and in that of the whole mesh. Only the latter
 * speaks of all gateways of a class (Istio).
 */
export function placesFor({ namespace, labels, gatewayClass }: PolicySubject, root: string): readonly string[] {
  const gateway = labels[GATEWAY_NAME_LABEL];
  return [
    ...[...new Set([root, namespace])].flatMap((one) => [
      one,
      ...Object.entries(labels).map(([key, value]) => `${one} ${key}=${value}`),
    ]),
    ...(gatewayClass === undefined || gateway === undefined ? [] : [`${namespace} Gateway ${gateway}`]),
    ...(gatewayClass === undefined ? [] : [`${root} GatewayClass ${gatewayClass}`]),
  ];
}

/** Whether a policy that stands in one of its places is for the proxy. */
export function isFor({ selector }: Policy, { labels }: PolicySubject): boolean {
  return selects(selector ?? {}, labels);
}

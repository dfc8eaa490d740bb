import type { Resource } from '@meshwise/resources';
import type { ServiceName } from './shop.ts';

export interface RouteOptions {
  readonly kind?: 'HTTPRoute' | 'GRPCRoute';
  readonly namespace?: string;
  readonly name?: string;
  /** Of the parent. */
  readonly port?: number;
}

/** A route whose parent is a service of the shop. */
export function route(parent: ServiceName, rules: readonly object[], options: RouteOptions = {}): Resource {
  const { kind = 'HTTPRoute', namespace = 'shop', name = 'route', port } = options;
  const parentRef = {
    group: '',
    kind: 'Service',
    namespace: 'shop',
    name: parent,
    ...(port === undefined ? {} : { port }),
  };
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind,
    metadata: { namespace, name },
    spec: { parentRefs: [parentRef], rules },
  } as Resource;
}

/** To one service: `backend('cart-v1', { weight: 9 })`. */
export function backend(
  name: ServiceName,
  more: { readonly weight?: number; readonly port?: number; readonly filters?: readonly object[] } = {},
): object {
  return { namespace: 'shop', name, port: 80, ...more };
}

export const to = (...names: readonly ServiceName[]) => ({ backendRefs: names.map((name) => backend(name)) });
export const exact = (value: string) => ({ path: { type: 'Exact', value } });
export const prefix = (value: string) => ({ path: { type: 'PathPrefix', value } });

export function redirect(requestRedirect: object): object {
  return { filters: [{ type: 'RequestRedirect', requestRedirect }] };
}

/** The mark by which answers of a route are known. */
export const MARK = 'x-test-mark';
export const marks = (value: string) => ({
  type: 'ResponseHeaderModifier',
  responseHeaderModifier: { set: [{ name: MARK, value }] },
});

import type { AttachedRouteItem, GatewayItem, HttpRule, ItemOf, Residue } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { gatewayApiMesh } from '../gateway-api/index.ts';
import { classGateway, grpcRoute, httpRoute } from './class-gateway.ts';

/** What is read of a resource of the Gateway API, and what was remarked on, `severity path`. */
export function readItem<K extends 'attached-route' | 'gateway' | 'gateway-class' | 'reference-grant' | 'backend-tls'>(
  kind: K,
  resource: Resource,
): { readonly item: ItemOf<K>; readonly fields: readonly string[] } {
  const fragment = gatewayApiMesh.read(resource);
  const item = fragment?.items.find((candidate): candidate is ItemOf<K> => candidate.kind === kind);
  if (item === undefined) throw new Error(`no ${kind}`);
  return { item, fields: remarks(fragment?.residues ?? []) };
}

interface ReadRule {
  readonly rule: HttpRule | undefined;
  readonly fields: readonly string[];
}

/** One rule of an HTTPRoute. */
export function readHttpRule(rule: object): ReadRule {
  return firstRule(httpRoute('a', { rules: [rule] }));
}

/** One rule of a GRPCRoute. */
export function readGrpcRule(rule: object): ReadRule {
  return firstRule(grpcRoute('a', { rules: [rule] }));
}

function firstRule(route: Resource): ReadRule {
  const { item, fields } = readItem('attached-route', route);
  return { rule: (item as AttachedRouteItem).rules[0], fields: fields.map((field) => field.replace('rules[0].', '')) };
}

/** One listener of a Gateway, whose other fields are `more`. */
export function readListener(listener: object, more: object = {}) {
  const gateway = classGateway('shop/a', { gatewayClassName: 'meshwise', listeners: [listener], ...more });
  const { item, fields } = readItem('gateway', gateway);
  return {
    server: (item as GatewayItem).servers[0],
    fields: fields.map((field) => field.replace('listeners[0].', '')),
  };
}

function remarks(residues: readonly Residue[]): readonly string[] {
  return residues.map(({ severity, origin }) => `${severity} ${origin.field?.replace('spec.', '')}`);
}

/** The smallest backend that there is. */
export const TO_REVIEWS = [{ name: 'reviews', port: 9080 }];

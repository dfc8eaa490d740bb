import type { HttpRule, Residue, RoutingItem } from '@meshwise/model';
import { istioMesh } from '../index.ts';
import { virtualService } from './resources.ts';

export interface ReadRule {
  readonly rule: HttpRule | undefined;
  readonly residues: readonly Residue[];
  /** What was remarked on, `severity path` within the rule. */
  readonly fields: readonly string[];
}

/** What is read of a VirtualService. */
export function readRouting(spec: object): { readonly routing: RoutingItem; readonly fields: readonly string[] } {
  const fragment = istioMesh.read(virtualService('a', spec));
  const [item] = fragment?.items ?? [];
  if (item?.kind !== 'routing') throw new Error('no routing');
  const residues = fragment?.residues ?? [];
  return { routing: item, fields: residues.map(({ severity, origin }) => `${severity} ${origin.field}`) };
}

/** What is read of one rule of `spec.http`. */
export function readRule(rule: object): ReadRule {
  const fragment = istioMesh.read(virtualService('a', { hosts: ['reviews'], http: [rule] }));
  const [item] = fragment?.items ?? [];
  const residues = fragment?.residues ?? [];
  return {
    rule: item?.kind === 'routing' ? item.rules[0] : undefined,
    residues,
    fields: residues.map(({ severity, origin }) => `${severity} ${origin.field?.replace('spec.http[0].', '')}`),
  };
}

/** The smallest route that there is. */
export const TO_REVIEWS = [{ destination: { host: 'reviews' } }];

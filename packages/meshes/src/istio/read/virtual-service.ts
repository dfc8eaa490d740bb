import { FieldReader, type Fragment, itemBase, type Residue, type RoutingItem } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { readHttpRule } from './http-rule.ts';

/** networking.istio.io VirtualService: its HTTP rules. TLS and TCP rules are reported. */
export function readVirtualService(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const hosts = spec?.strings('hosts') ?? [];
  if (spec === undefined || hosts.length === 0) {
    // Such a resource only serves as the target of a delegate.
    (spec ?? root).unsupported(spec === undefined ? 'spec' : 'hosts', 'is empty: delegates are not followed');
    return { items: [], residues };
  }
  const gateways = spec.strings('gateways');
  const exportTo = spec.strings('exportTo');
  const item: RoutingItem = {
    ...itemBase(resource),
    kind: 'routing',
    hosts,
    ...(gateways === undefined || gateways.length === 0 ? {} : { gateways }),
    ...(exportTo === undefined || exportTo.length === 0 ? {} : { exportTo }),
    rules: spec.list('http').flatMap((rule) => readHttpRule(rule) ?? []),
  };
  spec.rest();
  root.rest();
  return { items: [item], residues };
}

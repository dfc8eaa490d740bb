import { FieldReader, type Fragment, itemBase, type Residue, type RoutingItem } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { readByteRule } from './byte-rules.ts';
import { readHosts } from './hosts.ts';
import { readHttpRule } from './http-rule.ts';

/** networking.istio.io VirtualService. Without hosts it only serves as the target of a delegate. */
export function readVirtualService(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  if (spec === undefined) {
    root.invalid('spec', 'is missing');
    return { items: [], residues };
  }
  const hosts = readHosts(spec);
  const gateways = spec.strings('gateways');
  const exportTo = spec.strings('exportTo');
  const byteRules = [
    ...spec.list('tls').flatMap((rule) => readByteRule(rule, 'tls') ?? []),
    ...spec.list('tcp').flatMap((rule) => readByteRule(rule, 'tcp') ?? []),
  ];
  const item: RoutingItem = {
    ...itemBase(resource),
    kind: 'routing',
    hosts,
    ...(gateways === undefined || gateways.length === 0 ? {} : { gateways }),
    ...(exportTo === undefined || exportTo.length === 0 ? {} : { exportTo }),
    rules: spec.list('http').flatMap((rule) => readHttpRule(rule) ?? []),
    ...(byteRules.length === 0 ? {} : { byteRules }),
  };
  if (hosts.length === 0 && gateways !== undefined && gateways.length > 0) {
    spec.invalid('gateways', 'has no effect: without hosts these rules are only for others to delegate to');
  }
  spec.rest();
  root.rest();
  return { items: [item], residues };
}

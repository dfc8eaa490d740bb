import { type FieldReader, ipFamily, parseRange } from '@meshwise/model';

export interface Addresses {
  readonly clusterIps: readonly string[];
  readonly addressRanges?: readonly string[];
}

/**
 * `addresses`: a virtual address, or a range of them. Only the first of a list counts, as Istio documents: "multiple
 * addresses will not be used by a single host".
 */
export function readAddresses(spec: FieldReader): Addresses {
  const written = spec.strings('addresses') ?? [];
  const valid = written.filter((text) => ipFamily(text) !== undefined || parseRange(text) !== undefined);
  if (valid.length < written.length) spec.invalid('addresses', 'has items that are no addresses and no ranges');
  if (valid.length > 1) spec.info('addresses', 'has several items, of which the first is used');
  const [first] = valid;
  if (first === undefined) return { clusterIps: [] };
  const range = parseRange(first);
  if (range === undefined) return { clusterIps: [first] };
  const isSingle = range.length === (ipFamily(range.address) === 6 ? 128 : 32);
  return isSingle ? { clusterIps: [range.address] } : { clusterIps: [], addressRanges: [first] };
}

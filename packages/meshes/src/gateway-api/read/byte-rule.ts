import type { ByteRule, Destination, FieldReader } from '@meshwise/model';
import { readBackend, readWeight } from './backends.ts';

/** One entry of `rules` of a TLSRoute or a TCPRoute. Server names are those of its route. */
export function readByteRule(field: FieldReader, layer: ByteRule['layer'], namespace: string): ByteRule | undefined {
  // For whoever reads it; connections have no name to show.
  field.ignore('name');
  const destinations = field.list('backendRefs').map((backend): Destination => {
    const target = readBackend(backend, namespace);
    const weight = readWeight(backend);
    backend.rest();
    return target === undefined
      ? { host: '', weight, refusesWith: 500, origin: backend.origin() }
      : { ...target, weight };
  });
  field.rest();
  if (destinations.length === 0) {
    field.invalid('backendRefs', 'names no backend');
    return undefined;
  }
  return { layer, matches: [], destinations, origin: field.origin() };
}

import type { BackendReference, Destination, FieldReader } from '@meshwise/model';
import { PORTS, readWhole } from './numbers.ts';
import { readReference } from './references.ts';

/** What stands in every reference to a backend. */
export interface BackendTarget {
  readonly host: string;
  readonly backend: BackendReference;
  readonly port?: number;
  readonly origin: Destination['origin'];
}

/** A `BackendObjectReference`: a Service unless another kind is named. Its other members are the caller's to read. */
export function readBackend(field: FieldReader, namespace: string): BackendTarget | undefined {
  const backend = readReference(field, { group: '', kind: 'Service', namespace });
  const port = readWhole(field, 'port', PORTS);
  const isPortUnreadable = field.has('port') && port === undefined;
  if (backend === undefined || isPortUnreadable) return undefined;
  if (port === undefined && backend.group === '' && backend.kind === 'Service') {
    field.invalid('port', 'is missing: a Service is referred to by one of its ports');
    return undefined;
  }
  const host = `${backend.name}.${backend.namespace}`;
  return { host, backend, ...(port === undefined ? {} : { port }), origin: field.origin() };
}

const MAX_WEIGHT = 1_000_000;

/** Its share of the requests; what is unreadable gets none. */
export function readWeight(field: FieldReader): number {
  if (!field.has('weight')) return 1;
  return readWhole(field, 'weight', { from: 0, to: MAX_WEIGHT }) ?? 0;
}

import { type BalancerSettings, defined, type FieldReader, type HashPolicy } from '@meshwise/model';
import { readCount } from './counts.ts';
import { readDurationMs } from './numbers.ts';

/** Envoy's largest ring, and its largest Maglev table. */
const MAX_RING = 8_388_608;
const MAX_TABLE = 5_000_011;
const DEFAULT_RING = 1024;

/** `loadBalancer.consistentHash`. Without a key every request is balanced as if at random, which is Istio's way too. */
export function readConsistentHash(field: FieldReader): Pick<BalancerSettings, 'algorithm' | 'hash' | 'ring'> {
  const maglev = field.object('maglev');
  const ringHash = field.object('ringHash');
  const older = readCount(field, 'minimumRingSize', MAX_RING);
  const hash = readKey(field);
  const minimumSize =
    ringHash === undefined ? (older ?? DEFAULT_RING) : readCount(ringHash, 'minimumRingSize', MAX_RING);
  const tableSize = maglev === undefined ? undefined : readTableSize(maglev);
  if (older !== undefined && (maglev ?? ringHash) !== undefined)
    field.invalid('minimumRingSize', 'has no effect beside ringHash or maglev');
  if (maglev !== undefined && ringHash !== undefined) field.invalid('ringHash', 'has no effect beside maglev');
  const ring = maglev === undefined ? { minimumSize } : { tableSize };
  for (const part of [maglev, ringHash, field]) part?.rest();
  return defined({
    algorithm: maglev === undefined ? ('ring-hash' as const) : ('maglev' as const),
    hash,
    ring: Object.values(ring).every((size) => size === undefined) ? undefined : defined(ring),
  });
}

function readKey(field: FieldReader): HashPolicy | undefined {
  const cookie = field.object('httpCookie');
  const keys = {
    httpHeaderName: readName(field, 'httpHeaderName', (name) => ({ kind: 'header', name })),
    httpCookie: cookie === undefined ? undefined : readCookie(cookie),
    useSourceIp: field.boolean('useSourceIp') === true ? ({ kind: 'source-address' } as const) : undefined,
    httpQueryParameterName: readName(field, 'httpQueryParameterName', (name) => ({ kind: 'query-parameter', name })),
  } satisfies Record<string, HashPolicy | undefined>;
  const [first, ...others] = Object.entries(keys).filter(([, key]) => key !== undefined);
  for (const [name] of others) field.invalid(name, `has no effect beside ${first?.[0]}`);
  if (first === undefined) field.invalid(undefined, 'says nothing to hash by');
  return first?.[1];
}

function readName(field: FieldReader, member: string, make: (name: string) => HashPolicy): HashPolicy | undefined {
  const name = field.string(member);
  if (name === undefined) return undefined;
  if (isHeaderText(name) && name !== '') return make(name);
  field.invalid(member, 'is no name');
  return undefined;
}

function readCookie(field: FieldReader): HashPolicy | undefined {
  const name = field.string('name') ?? '';
  const attributes = new Map<string, { readonly name: string; readonly value: string }>();
  for (const entry of field.list('attributes')) {
    const attribute = entry.string('name') ?? '';
    const value = entry.string('value') ?? '';
    entry.rest();
    if (attribute === '' || attributes.has(attribute) || !isHeaderText(attribute) || !isHeaderText(value))
      entry.invalid('name', 'is no name of its own');
    else attributes.set(attribute, { name: attribute, value });
  }
  const cookie = defined({
    kind: 'cookie' as const,
    name,
    path: field.string('path') || undefined,
    ttlMs: readDurationMs(field, 'ttl'),
    attributes: attributes.size === 0 ? undefined : [...attributes.values()],
  });
  field.rest();
  if (name !== '' && isHeaderText(name)) return cookie;
  field.invalid('name', 'is no name');
  return undefined;
}

/** What may stand in a header (RFC 9110, 5.5): Envoy refuses a whole configuration with anything else. */
function isHeaderText(text: string): boolean {
  return [...text].every((char) => char !== '\0' && char !== '\r' && char !== '\n');
}

/** Maglev needs a prime number of places (Eisenbud and others, NSDI 2016, 3.4). */
function readTableSize(field: FieldReader): number | undefined {
  const size = readCount(field, 'tableSize', MAX_TABLE);
  if (size === undefined || isPrime(size)) return size;
  field.invalid('tableSize', 'is not prime');
  return undefined;
}

function isPrime(value: number): boolean {
  if (value < 2) return false;
  for (let divisor = 2; divisor * divisor <= value; divisor += 1) if (value % divisor === 0) return false;
  return true;
}

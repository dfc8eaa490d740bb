import type { Query, QueryEngine } from '../query/engine.ts';
import type { ItemDatabase } from './item-database.ts';

/** Istio's range for addresses that it chooses itself, 240.240.0.0/16; nothing else uses class E (RFC 1112, 4). */
const PREFIX = '240.240';
/** Without the first and the last of the range. */
const CAPACITY = 65_534;

/**
 * The address that stands for a host which has none; '' when it wants none or all are taken. It follows from the name,
 * so that it is the same in every control plane and after every start; names that meet give way in their order.
 */
export function defineVirtualAddresses(engine: QueryEngine, items: ItemDatabase): Query<[host: string], string> {
  const all = engine.query('virtualAddresses', () => allocate(items.keys('virtualAddress')));
  return engine.query('virtualAddressOf', (host: string): string => all()[host] ?? '');
}

export function allocate(hosts: readonly string[]): Readonly<Record<string, string>> {
  const taken = new Set<number>();
  const addresses: [string, string][] = [];
  for (const host of hosts) {
    if (taken.size === CAPACITY) break;
    let number = hash(host) % CAPACITY;
    while (taken.has(number)) number = (number + 1) % CAPACITY;
    taken.add(number);
    addresses.push([host, `${PREFIX}.${(number + 1) >> 8}.${(number + 1) & 255}`]);
  }
  return Object.fromEntries(addresses);
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}

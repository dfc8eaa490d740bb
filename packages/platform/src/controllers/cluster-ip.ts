import { MeshwiseError } from '@meshwise/core';
import { fnv1a } from './support/template-hash.ts';

/** The IPv4 range services take their addresses from. */
export interface AddressRange {
  readonly cidr: string;
  /** First address as a number. */
  readonly base: number;
  readonly size: number;
}

/** Kubernetes' conventional places of its API and of its DNS in the service range. */
const RESERVED_OFFSETS: ReadonlySet<number> = new Set([1, 10]);

export function parseRange(cidr: string): AddressRange {
  const match = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(cidr);
  const base = match?.[1] === undefined ? undefined : toNumber(match[1]);
  const bits = Number(match?.[2] ?? -1);
  if (base === undefined || bits < 8 || bits > 28) {
    throw new MeshwiseError('MW1004', 'Not a range for service addresses', {
      field: 'serviceCidr',
      found: cidr,
      expected: 'an IPv4 range such as 10.96.0.0/16',
    });
  }
  const size = 2 ** (32 - bits);
  return { cidr, base: base - (base % size), size };
}

/**
 * A free address for a service. The search starts at a place that depends on the name alone, so that a service that is
 * deleted and made again usually has the address it had, and programs that remembered it keep working.
 */
export function allocate(range: AddressRange, used: ReadonlySet<string>, name: string): string | undefined {
  const start = fnv1a(name) % range.size;
  for (let step = 0; step < range.size; step++) {
    const offset = (start + step) % range.size;
    if (offset === 0 || offset === range.size - 1 || RESERVED_OFFSETS.has(offset)) continue;
    const address = toText(range.base + offset);
    if (!used.has(address)) return address;
  }
  return undefined;
}

export function contains(range: AddressRange, address: string): boolean {
  const value = toNumber(address);
  return value !== undefined && value > range.base && value < range.base + range.size - 1;
}

function toNumber(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((value, part) => value * 256 + part, 0);
}

function toText(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

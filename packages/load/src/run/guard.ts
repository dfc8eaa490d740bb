import { lookup as lookupName } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { LoadPlan } from '../plan/plan.ts';

export type Owner = 'this machine' | 'somebody else';

export interface GuardOptions {
  /** Where a plan says that names are; it goes there, whatever the names mean elsewhere. */
  readonly resolve?: LoadPlan['connections']['resolve'];
  readonly unixSocketPath?: string | null;
  /** All addresses of a name; by default as the system resolves it. */
  readonly lookup?: (host: string) => Promise<readonly string[]>;
  /** Besides the loopback addresses; by default those of this machine's interfaces. */
  readonly ownAddresses?: () => readonly string[];
}

/**
 * Who has to bear the load of requests to a URL. A name is this machine's only if every address of it is; one that does not
 * resolve is somebody else's, since nobody knows what it will mean when the load begins.
 */
export async function whoseIs(url: string, options: GuardOptions = {}): Promise<Owner> {
  const { resolve = [], unixSocketPath = null, lookup = systemLookup, ownAddresses = interfaceAddresses } = options;
  if (unixSocketPath !== null) return 'this machine';
  const parsed = URL.parse(url);
  if (parsed === null) return 'somebody else';
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(parsed.port) || (parsed.protocol === 'https:' ? 443 : 80);
  const override = resolve.find((one) => one.host.toLowerCase() === host && (one.port ?? port) === port);
  const place = override?.address ?? host;
  const addresses = isIP(place) === 0 ? await lookup(place).catch(() => []) : [place];
  const own = new Set(ownAddresses());
  const isOurs = addresses.length > 0 && addresses.every((address) => isLoopback(address) || own.has(address));
  return isOurs ? 'this machine' : 'somebody else';
}

/** RFC 6890: loopback, and the unspecified addresses, by which a connection reaches this host. Mapped ones of RFC 4291 too. */
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('0.0.0.0', 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');
LOOPBACK.addAddress('::', 'ipv6');

function isLoopback(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && LOOPBACK.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

async function systemLookup(host: string): Promise<readonly string[]> {
  const found = await lookupName(host, { all: true });
  return found.map(({ address }) => address);
}

function interfaceAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((list = []) => list.map(({ address }) => address));
}

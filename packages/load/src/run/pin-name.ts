import { lookup as lookupName } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { LoadPlan } from '../plan/plan.ts';
import { type Owner, whoseIs } from './guard.ts';

export interface PinOptions {
  /** All addresses of a name; by default as the system resolves it. */
  readonly lookup?: (host: string) => Promise<readonly string[]>;
}

/**
 * Who has to bear the load of a plan, and the plan for which that stays true: a name that is this machine's now would be asked for
 * again by every connection, and whoever answers for the name could say something else then (DNS rebinding). So the plan
 * goes to the address that was looked at; one of IPv4 where there is one, on which most servers of a machine listen.
 * `localhost` is always this machine (RFC 6761, 6.3) and may be either address.
 */
export async function pinName(
  plan: LoadPlan,
  { lookup = systemLookup }: PinOptions = {},
): Promise<{ readonly owner: Owner; readonly plan: LoadPlan }> {
  const url = plan.requests[0]?.url ?? '';
  const found = new Map<string, readonly string[]>();
  const owner = await whoseIs(url, {
    ...plan.connections,
    lookup: async (name) => {
      const addresses = await lookup(name);
      found.set(name, addresses);
      return addresses;
    },
  });
  const [[host, addresses] = []] = found;
  const address = addresses?.find((one) => isIP(one) === 4) ?? addresses?.[0];
  if (owner !== 'this machine' || host === undefined || address === undefined || isLocalhost(host)) {
    return { owner, plan };
  }
  const resolve = [...plan.connections.resolve, { host, port: null, address }];
  return { owner, plan: { ...plan, connections: { ...plan.connections, resolve } } };
}

function isLocalhost(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

async function systemLookup(host: string): Promise<readonly string[]> {
  const found = await lookupName(host, { all: true });
  return found.map(({ address }) => address);
}

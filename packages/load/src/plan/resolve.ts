import { impossible } from './impossible.ts';
import type { LoadConnections } from './plan.ts';

/**
 * Of each override the address has to be one, and its name that of the target: an override that matches nothing would send the
 * load somewhere else than it was meant to go.
 */
export function checkResolve(resolve: LoadConnections['resolve'], target: URL): void {
  const targetHost = target.hostname.replace(/^\[(.*)\]$/, '$1');
  const targetPort = Number(target.port) || (target.protocol === 'https:' ? 443 : 80);
  for (const [at, { host, port, address }] of resolve.entries()) {
    if (!isAddress(address)) {
      throw impossible(`resolve[${at}].address`, 'not an IP address', { found: address, expected: '127.0.0.1 or ::1' });
    }
    if (host.toLowerCase() !== targetHost || (port !== null && port !== targetPort)) {
      const found = `${host}:${port ?? '*'}`;
      throw impossible(`resolve[${at}].host`, 'not of the target', { found, expected: `${targetHost}:${targetPort}` });
    }
  }
}

/** As the URL standard reads addresses, but for its forms of IPv4 that nobody writes. */
function isAddress(text: string): boolean {
  if (text.includes(':')) return /^[\da-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]/`);
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && URL.parse(`http://${text}/`)?.hostname === text;
}

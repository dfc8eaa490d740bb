import { existsSync } from 'node:fs';

/** Where operating systems keep the authorities they trust: Debian, Fedora, openSUSE, Alpine, macOS. */
const PLACES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

let found: string | undefined;

/**
 * The file of this machine, where the proxies run too. Where there is none it is the first of the list: a proxy that
 * cannot read it trusts nobody, as it should.
 */
export function systemAuthorities(): string {
  found ??= PLACES.find((path) => existsSync(path)) ?? PLACES[0] ?? '';
  return found;
}

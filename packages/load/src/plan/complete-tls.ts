import { impossible } from './impossible.ts';
import type { LoadInput } from './input.ts';
import type { LoadTls } from './plan.ts';

/** With `https:` the server's certificate is verified against the authorities that Node knows, or `ca`. */
export function completeTls(input: LoadInput, target: URL): LoadTls | null {
  const { verify = true, ca = null, certificate = null, key = null, serverName = null } = input.tls ?? {};
  if (target.protocol === 'http:') {
    if (input.tls === undefined) return null;
    throw impossible('tls', 'the target is not reached by TLS', { found: target.protocol, expected: 'https:' });
  }
  checkPem('tls.ca', ca, 'CERTIFICATE');
  checkPem('tls.certificate', certificate, 'CERTIFICATE');
  checkPem('tls.key', key, 'PRIVATE KEY');
  if (key !== null && certificate === null) {
    throw impossible('tls.certificate', 'a key without its certificate', { found: 'none', expected: 'both' });
  }
  if (certificate !== null && key === null) {
    throw impossible('tls.key', 'a certificate without its key', { found: 'none', expected: 'both' });
  }
  return { verify, ca, certificate, key, serverName };
}

/** RFC 7468: found out here and not in a worker's handshake. What was found is not shown: it may be a key. */
function checkPem(field: string, text: string | null, label: string): void {
  if (text !== null && !new RegExp(`-----BEGIN [A-Z ]*${label}-----`).test(text)) {
    throw impossible(field, 'not what it should be', { expected: `a PEM text with BEGIN ${label}` });
  }
}

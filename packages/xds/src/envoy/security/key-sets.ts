import { createHash } from 'node:crypto';

/**
 * A key that nobody has: its x coordinate on P-256 is the digest of a text, so that finding what belongs to it is the very
 * problem that keeps all such keys secret.
 */
const TEXT = 'meshwise: nobody has this key 0';
const NOBODYS = {
  kty: 'EC',
  crv: 'P-256',
  alg: 'ES256',
  use: 'sig',
  kid: 'nobody',
  x: createHash('sha256').update(TEXT).digest('base64url'),
  y: 'F2yFVg7LT3Cn_qAhaKSmT4PPlT_AOgeQ4adqxZ2QFsU',
};
const OF_NOBODY = JSON.stringify({ keys: [NOBODYS] });

/**
 * A key set (RFC 7517, 5) that Envoy takes. One without a key that it understands it refuses, with all that came along, so
 * nobody's is among the keys: with it alone no token is good. What is no key set has no keys.
 */
export function acceptableKeys(text: string | undefined): string {
  const keys = keysOf(text);
  return keys.length === 0 ? OF_NOBODY : JSON.stringify({ keys: [...keys, NOBODYS] });
}

function keysOf(text = ''): readonly unknown[] {
  try {
    const { keys } = JSON.parse(text) as { readonly keys?: unknown };
    return Array.isArray(keys) ? keys.filter((key) => typeof key === 'object' && key !== null) : [];
  } catch {
    return [];
  }
}

import type { webcrypto } from 'node:crypto';
import { MeshwiseError } from '@meshwise/core';

/**
 * ECDSA on P-256, as Istio and SPIRE offer it: every TLS stack knows it, a signature costs a tenth of RSA 2048's and a
 * new key a thousandth, so a thousand sidecars that start at once wait for nothing.
 */
export const ECDSA_P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Extractable, since Envoy receives the private key through SDS. */
export function generateKeyPair(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(ECDSA_P256, true, ['sign', 'verify']);
}

/** PKCS #8 in PEM (RFC 5958, RFC 7468). */
export async function privateKeyToPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', key));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

/** Reads what `privateKeyToPem` wrote. The key stays inside WebCrypto: nothing needs it outside again. */
export async function privateKeyFromPem(pem: string): Promise<webcrypto.CryptoKey> {
  const block = /-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----/.exec(pem)?.[1];
  if (block === undefined) throw new MeshwiseError('MW4002', 'No private key found');
  return crypto.subtle.importKey('pkcs8', Buffer.from(block, 'base64'), ECDSA_P256, false, ['sign']);
}

/** True when the private key belongs to the public one: what it signs, the other verifies. */
export async function isPair(privateKey: webcrypto.CryptoKey, publicKey: webcrypto.CryptoKey): Promise<boolean> {
  const challenge = crypto.getRandomValues(new Uint8Array(32));
  const signature = await crypto.subtle.sign(ECDSA_P256, privateKey, challenge);
  return crypto.subtle.verify(ECDSA_P256, publicKey, signature, challenge);
}

import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { CertificateInspector } from '@meshwise/model';
import { areRevocationLists } from './revocation-list.ts';

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
/** What Envoy takes (BoringSSL, and Envoy's own rules for certificates). */
const CURVES: readonly string[] = ['prime256v1', 'secp384r1', 'secp521r1'];
const MIN_RSA_BITS = 2048;
/** A file of certificates has some kilobytes; reading anything else would be a mistake. */
const MAX_FILE_BYTES = 1024 * 1024;

/**
 * Whether Envoy would take certificates that people supply. Looked at before they are sent: one that cannot be used is
 * said on its resource and changes nothing at the proxy. Answers never quote what they are about.
 */
export const certificateInspector: CertificateInspector = {
  keyPair(certificateChainPem, privateKeyPem) {
    const [leaf, ...rest] = certificatesOf(certificateChainPem);
    if (leaf === undefined || rest.includes(undefined)) return 'its certificate cannot be read';
    const key = attempt(() => createPrivateKey(privateKeyPem));
    if (key === undefined) return 'its key cannot be read';
    if (!leaf.checkPrivateKey(key)) return 'its key does not belong to its certificate';
    return kindOf(key);
  },
  authorities(pem) {
    const all = certificatesOf(pem);
    return all.length === 0 || all.includes(undefined) ? 'its authorities cannot be read' : undefined;
  },
  revocations(pem) {
    return areRevocationLists(pem) ? undefined : 'its revocation lists cannot be read';
  },
  files({ certificateChain, privateKey, caCertificates, crl }) {
    const texts = new Map<string, string>();
    for (const path of [certificateChain, privateKey, caCertificates, crl]) {
      if (path === undefined) continue;
      const text = attempt(() => readSmallFile(path));
      if (text === undefined) return `${path} cannot be read`;
      texts.set(path, text);
    }
    const text = (path: string | undefined) => (path === undefined ? undefined : texts.get(path));
    const [chain, key, authorities] = [text(certificateChain), text(privateKey), text(caCertificates)];
    const pair = chain === undefined || key === undefined ? undefined : certificateInspector.keyPair(chain, key);
    const revocations = text(crl);
    return (
      pair ??
      (authorities === undefined ? undefined : certificateInspector.authorities(authorities)) ??
      (revocations === undefined ? undefined : certificateInspector.revocations(revocations))
    );
  },
};

function certificatesOf(pem: string): readonly (X509Certificate | undefined)[] {
  return (pem.match(BLOCK) ?? []).map((block) => attempt(() => new X509Certificate(block)));
}

function kindOf(key: KeyObject): string | undefined {
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  if (asymmetricKeyType === 'rsa') {
    const bits = asymmetricKeyDetails?.modulusLength ?? 0;
    return bits < MIN_RSA_BITS ? `its key has ${bits} bits, and ${MIN_RSA_BITS} are needed` : undefined;
  }
  if (asymmetricKeyType !== 'ec') return 'its key is neither RSA nor on an elliptic curve of NIST';
  return CURVES.includes(asymmetricKeyDetails?.namedCurve ?? '') ? undefined : 'its key is on a curve that is not used';
}

/** Regular files only: a device or a pipe would keep whoever asks waiting. */
function readSmallFile(path: string): string | undefined {
  const found = statSync(path);
  return found.isFile() && found.size <= MAX_FILE_BYTES ? readFileSync(path, 'utf8') : undefined;
}

function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

import type { TlsCredential } from '../plan.ts';

/**
 * Says why certificates cannot be used, in words without any of their content; undefined when they can. The Model
 * itself knows no cryptography, since it runs in browsers too; without an inspector everything counts as usable.
 */
export interface CertificateInspector {
  keyPair(certificateChainPem: string, privateKeyPem: string): string | undefined;
  authorities(pem: string): string | undefined;
  /** Lists of certificates that their authorities have taken back (RFC 5280, 5). */
  revocations(pem: string): string | undefined;
  files(credential: Extract<TlsCredential, { readonly kind: 'files' }>): string | undefined;
}

import 'reflect-metadata';
import { createHash, type webcrypto, X509Certificate } from 'node:crypto';
import {
  type X509Certificate as Certificate,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  X509CrlGenerator,
  X509CrlReason,
} from '@peculiar/x509';
import { aroundNow, createRoot, KEY, newKeys, privatePem } from './root.ts';

const HOUR_MS = 3_600_000;

export interface ServerCertificate {
  readonly certificateChainPem: string;
  readonly privateKeyPem: string;
}

/** An authority as people outside the mesh have theirs: certificates for DNS names. */
export class PublicAuthority {
  readonly caPem: string;
  readonly #root: Certificate;
  readonly #key: webcrypto.CryptoKey;

  private constructor(root: Certificate, key: webcrypto.CryptoKey) {
    this.#root = root;
    this.#key = key;
    this.caPem = root.toString('pem');
  }

  static async create(name = 'public'): Promise<PublicAuthority> {
    const { certificate, key } = await createRoot(name);
    return new PublicAuthority(certificate, key);
  }

  async issue(...names: readonly string[]): Promise<ServerCertificate> {
    const keys = await newKeys();
    const leaf = await X509CertificateGenerator.create({
      issuer: this.#root.subject,
      subject: `CN=${names[0] ?? ''}`,
      publicKey: keys.publicKey,
      signingKey: this.#key,
      ...aroundNow(),
      extensions: [new SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value })))],
    });
    return {
      certificateChainPem: leaf.toString('pem'),
      privateKeyPem: await privatePem(keys.privateKey),
    };
  }

  /** The list of what this authority has taken back (RFC 5280, 5). */
  async revoke(...certificates: readonly ServerCertificate[]): Promise<string> {
    const crl = await X509CrlGenerator.create({
      issuer: this.#root.subject,
      signingKey: this.#key,
      signingAlgorithm: KEY,
      thisUpdate: new Date(Date.now() - HOUR_MS),
      nextUpdate: new Date(Date.now() + HOUR_MS),
      entries: certificates.map(({ certificateChainPem }) => ({
        serialNumber: new X509Certificate(certificateChainPem).serialNumber,
        revocationDate: new Date(Date.now() - HOUR_MS),
        reason: X509CrlReason.keyCompromise,
      })),
    });
    // RFC 7468, 7: the library's own label is another.
    return PemConverter.encode(crl.rawData, 'X509 CRL');
  }
}

/** SHA-256 of the public key, in base64, as `verifyCertificateSpki` wants it (RFC 7469, 2.4). */
export function spkiOf(pem: string): string {
  const key = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('base64');
}

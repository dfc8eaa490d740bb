import 'reflect-metadata';
import { type webcrypto, X509Certificate } from 'node:crypto';
import { type Identity, spiffeId } from '@meshwise/model';
import {
  type X509Certificate as Certificate,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { IssuedSecret, SecretSource } from '../secret-source.ts';
import { createRoot, newKeys, privatePem } from './root.ts';

const HOUR_MS = 3_600_000;

/** An authority for tests, and a source of secrets: certificates are there when asked for with `issue`. */
export class TestAuthority implements SecretSource {
  readonly #root: Certificate;
  readonly #rootKey: webcrypto.CryptoKey;
  readonly #issued = new Map<string, IssuedSecret>();
  readonly #listeners = new Set<() => void>();
  readonly wanted: string[] = [];

  private constructor(root: Certificate, rootKey: webcrypto.CryptoKey) {
    this.#root = root;
    this.#rootKey = rootKey;
  }

  static async create(): Promise<TestAuthority> {
    const { certificate, key } = await createRoot('test authority');
    return new TestAuthority(certificate, key);
  }

  /** A certificate for an identity; a second one rotates it. Kept for `get` unless another name is asked for. */
  async issue(identity: Identity, options: { readonly notAfterMs?: number } = {}): Promise<IssuedSecret> {
    const keys = await newKeys();
    const notAfterMs = options.notAfterMs ?? Date.now() + HOUR_MS;
    const leaf = await X509CertificateGenerator.create({
      issuer: this.#root.subject,
      publicKey: keys.publicKey,
      signingKey: this.#rootKey,
      notBefore: new Date(Date.now() - HOUR_MS),
      notAfter: new Date(notAfterMs),
      extensions: [
        new SubjectAlternativeNameExtension([{ type: 'url', value: spiffeId(identity) }], true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      ],
    });
    const secret: IssuedSecret = {
      certificateChainPem: leaf.toString('pem'),
      privateKeyPem: await privatePem(keys.privateKey),
      notAfterMs,
    };
    this.#issued.set(spiffeId(identity), secret);
    for (const listener of this.#listeners) listener();
    return secret;
  }

  want(identity: Identity): void {
    this.wanted.push(spiffeId(identity));
  }

  release(identity: Identity): void {
    this.wanted.splice(this.wanted.indexOf(spiffeId(identity)), 1);
  }

  get(identity: Identity): IssuedSecret | undefined {
    return this.#issued.get(spiffeId(identity));
  }

  roots(): { readonly caPem: string } {
    return { caPem: this.#root.toString('pem') };
  }

  onChange(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }
}

export function serialOf(pem: string): string {
  return new X509Certificate(pem).serialNumber;
}

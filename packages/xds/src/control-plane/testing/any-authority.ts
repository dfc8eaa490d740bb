import 'reflect-metadata';
import type { webcrypto } from 'node:crypto';
import { X509Certificate as NodeCertificate } from 'node:crypto';
import { type Identity, spiffeId } from '@meshwise/model';
import {
  type X509Certificate as Certificate,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  X509CrlGenerator,
  X509CrlReason,
} from '@peculiar/x509';
import type { IssuedSecret, SecretSource } from '../secret-source.ts';
import { aroundNow, createRoot, KEY, newKeys, privatePem } from './root.ts';

const HOUR_MS = 3_600_000;

/** What a client presents. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  readonly uris?: readonly string[];
  readonly dnsNames?: readonly string[];
  readonly notBeforeMs?: number;
  readonly notAfterMs?: number;
  readonly isForServersOnly?: true;
}

/** An authority that signs whatever an attacker wants of it; one of them is the mesh's. */
export class AnyAuthority implements SecretSource {
  readonly #root: Certificate;
  readonly #key: webcrypto.CryptoKey;
  readonly #issued = new Map<string, IssuedSecret>();
  readonly #listeners = new Set<() => void>();
  #crlPem: string | undefined;

  private constructor(root: Certificate, key: webcrypto.CryptoKey) {
    this.#root = root;
    this.#key = key;
  }

  static async create(name: string): Promise<AnyAuthority> {
    const { certificate, key } = await createRoot(name);
    return new AnyAuthority(certificate, key);
  }

  async certificate(options: CertificateOptions): Promise<ClientCertificate> {
    const keys = await newKeys();
    const { notBefore, notAfter } = aroundNow();
    const names = [
      ...(options.uris ?? []).map((value) => ({ type: 'url' as const, value })),
      ...(options.dnsNames ?? []).map((value) => ({ type: 'dns' as const, value })),
    ];
    const leaf = await X509CertificateGenerator.create({
      issuer: this.#root.subject,
      publicKey: keys.publicKey,
      signingKey: this.#key,
      notBefore: options.notBeforeMs === undefined ? notBefore : new Date(options.notBeforeMs),
      notAfter: options.notAfterMs === undefined ? notAfter : new Date(options.notAfterMs),
      extensions: [
        ...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names, true)]),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([
          ExtendedKeyUsage.serverAuth,
          ...(options.isForServersOnly === true ? [] : [ExtendedKeyUsage.clientAuth]),
        ]),
      ],
    });
    return { cert: leaf.toString('pem'), key: await privatePem(keys.privateKey) };
  }

  of(identity: Identity): Promise<ClientCertificate> {
    return this.certificate({ uris: [spiffeId(identity)] });
  }

  /** Makes the certificate that a proxy of the mesh is given. */
  async issue(identity: Identity): Promise<void> {
    const { cert, key } = await this.of(identity);
    const notAfterMs = Date.now() + HOUR_MS;
    this.#issued.set(spiffeId(identity), { certificateChainPem: cert, privateKeyPem: key, notAfterMs });
  }

  /** Takes certificates back (RFC 5280, 5), and tells whoever listens. */
  async revoke(...certificates: readonly ClientCertificate[]): Promise<void> {
    const crl = await X509CrlGenerator.create({
      issuer: this.#root.subject,
      signingKey: this.#key,
      signingAlgorithm: KEY,
      thisUpdate: aroundNow().notBefore,
      nextUpdate: aroundNow().notAfter,
      entries: certificates.map(({ cert }) => ({
        serialNumber: new NodeCertificate(cert).serialNumber,
        revocationDate: aroundNow().notBefore,
        reason: X509CrlReason.keyCompromise,
      })),
    });
    this.#crlPem = PemConverter.encode(crl.rawData, 'X509 CRL');
    for (const listener of this.#listeners) listener();
  }

  want(): void {}
  release(): void {}

  get(identity: Identity): IssuedSecret | undefined {
    return this.#issued.get(spiffeId(identity));
  }

  roots(): { readonly caPem: string; readonly crlPem?: string } {
    return { caPem: this.#root.toString('pem'), ...(this.#crlPem === undefined ? {} : { crlPem: this.#crlPem }) };
  }

  onChange(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }
}

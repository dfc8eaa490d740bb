import type { webcrypto } from 'node:crypto';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { ECDSA_P256 } from './key-pair.ts';

/**
 * The three certificates of the mesh and nothing else: root, intermediate, workload. What each may do follows the
 * SPIFFE X509-SVID standard; the numbers below are its sections.
 *
 * - Exactly one URI SAN (2): the trust domain alone in signing certificates (3.2), the workload's id in leaves (3.1).
 * - A leaf has no subject, so its SAN is critical (3.1; RFC 5280, 4.1.2.6): nobody can mistake a common name for an identity.
 * - `cA` true with keyCertSign and cRLSign only in signing certificates, digitalSignature only in leaves (4.1, 4.3).
 * - Leaves carry serverAuth and clientAuth both (4.4), as a sidecar is both.
 * - No name constraints (4.2 urges caution): validators that do not know URI constraints refuse the whole chain. That an
 *   authority signs for one trust domain only is enforced where it issues.
 */
export interface Validity {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

export interface Issuer {
  readonly certificate: x509.X509Certificate;
  readonly privateKey: webcrypto.CryptoKey;
}

/** Whose signing certificate it is; roots are counted from 1. */
export interface Signer {
  readonly trustDomain: string;
  readonly generation: number;
}

export async function createRoot(
  signer: Signer,
  uri: string,
  keys: webcrypto.CryptoKeyPair,
  validity: Validity,
): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.createSelfSigned({
    ...dates(validity),
    name: authorityName('Meshwise root', signer),
    keys,
    signingAlgorithm: ECDSA_P256,
    extensions: await signingExtensions(uri, keys.publicKey, 1),
  });
}

export async function createIntermediate(
  signer: Signer,
  uri: string,
  publicKey: webcrypto.CryptoKey,
  root: Issuer,
  validity: Validity,
): Promise<x509.X509Certificate> {
  return sign(root, validity, {
    subject: authorityName('Meshwise workload authority', signer),
    publicKey,
    extensions: await signingExtensions(uri, publicKey, 0),
  });
}

export async function createLeaf(
  uri: string,
  publicKey: webcrypto.CryptoKey,
  intermediate: Issuer,
  validity: Validity,
): Promise<x509.X509Certificate> {
  return sign(intermediate, validity, {
    publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension([{ type: 'url', value: uri }], true),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
}

type Subject = NonNullable<x509.X509CertificateCreateSelfSignedParams['name']>;

async function sign(
  issuer: Issuer,
  validity: Validity,
  body: { subject?: Subject; publicKey: webcrypto.CryptoKey; extensions: x509.Extension[] },
): Promise<x509.X509Certificate> {
  const authorityKey = await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate.publicKey);
  return x509.X509CertificateGenerator.create({
    ...body,
    ...dates(validity),
    issuer: issuer.certificate.subjectName,
    signingKey: issuer.privateKey,
    signingAlgorithm: ECDSA_P256,
    extensions: [...body.extensions, authorityKey],
  });
}

async function signingExtensions(
  uri: string,
  publicKey: webcrypto.CryptoKey,
  pathLength: number,
): Promise<x509.Extension[]> {
  return [
    new x509.BasicConstraintsExtension(true, pathLength, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    new x509.SubjectAlternativeNameExtension([{ type: 'url', value: uri }]),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
  ];
}

/** The trust domain is in the name too, so that `openssl x509` and a browser show whose authority it is. */
function authorityName(what: string, { trustDomain, generation }: Signer): Subject {
  return [{ O: [trustDomain] }, { CN: [generation === 1 ? what : `${what} ${generation}`] }];
}

/** Certificates count whole seconds (RFC 5280, 4.1.2.5). */
function dates(validity: Validity): { notBefore: Date; notAfter: Date } {
  const wholeSecond = (timeMs: number) => new Date(Math.floor(timeMs / 1000) * 1000);
  return { notBefore: wholeSecond(validity.notBeforeMs), notAfter: wholeSecond(validity.notAfterMs) };
}

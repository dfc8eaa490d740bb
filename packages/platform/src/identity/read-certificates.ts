import 'reflect-metadata';
import { MeshwiseError } from '@meshwise/core';
import type { Identity } from '@meshwise/model';
import * as x509 from '@peculiar/x509';
import { parseSpiffeId } from './spiffe-id.ts';

/** What `proxy status` and `explain` say about a certificate. Nothing here verifies a signature. */
export interface CertificateSummary {
  /** The one URI SAN; absent when there is none, or more than one, which X509-SVID (section 2) forbids. */
  readonly spiffeId?: string;
  /** Absent when the SPIFFE id has another form than `/ns/<namespace>/sa/<service account>`. */
  readonly identity?: Identity;
  readonly subject: string;
  readonly issuer: string;
  /** Hexadecimal, as OpenSSL and Envoy's admin print it. */
  readonly serialNumber: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly isAuthority: boolean;
}

/** Reads every certificate of a PEM text (RFC 7468) in its order: a chain begins with the leaf. */
export function readCertificates(pem: string): readonly CertificateSummary[] {
  let blocks: ArrayBuffer[];
  try {
    blocks = x509.PemConverter.decodeWithHeaders(pem)
      .filter((block) => block.type === 'CERTIFICATE')
      .map((block) => block.rawData);
  } catch (cause) {
    throw new MeshwiseError('MW4007', 'The text is not PEM', {}, { cause });
  }
  if (blocks.length === 0) throw new MeshwiseError('MW4007', 'The text contains no certificate');
  return blocks.map((block, index) => {
    try {
      return summarise(new x509.X509Certificate(block));
    } catch (cause) {
      throw new MeshwiseError('MW4007', `Certificate ${index + 1} cannot be read`, {}, { cause });
    }
  });
}

/** The URI SANs of a certificate, in their order. */
export function uriNames(certificate: x509.X509Certificate): readonly string[] {
  const names = certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.items ?? [];
  return names.filter((name) => name.type === 'url').map((name) => name.value);
}

function summarise(certificate: x509.X509Certificate): CertificateSummary {
  const [spiffeId, ...others] = uriNames(certificate);
  return {
    ...(spiffeId === undefined || others.length > 0 ? {} : { spiffeId, ...identityOf(spiffeId) }),
    subject: certificate.subject,
    issuer: certificate.issuer,
    serialNumber: certificate.serialNumber,
    notBeforeMs: certificate.notBefore.getTime(),
    notAfterMs: certificate.notAfter.getTime(),
    isAuthority: certificate.getExtension(x509.BasicConstraintsExtension)?.ca === true,
  };
}

function identityOf(spiffeId: string): { identity?: Identity } {
  try {
    return { identity: parseSpiffeId(spiffeId) };
  } catch {
    return {};
  }
}

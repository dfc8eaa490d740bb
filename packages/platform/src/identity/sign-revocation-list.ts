import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import type { Issuer } from './certificate-profile.ts';
import { ECDSA_P256 } from './key-pair.ts';
import type { RevokedCertificate } from './revocations.ts';

const CRL_NUMBER = '2.5.29.20';
const INTEGER = 0x02;
/** Proxies on machines whose clocks run a little behind accept a list at once. */
const BACKDATE_MS = 60_000;

/**
 * The list of what one intermediate has taken back (RFC 5280, 5), in PEM (RFC 7468, 7). It names the key that signs it,
 * since intermediates that follow one another have the same name.
 *
 * It is valid as long as its issuer: proxies are told of a new one at once, and one that ended while the daemon is gone
 * would make them refuse everybody.
 */
export async function signRevocationList(
  issuer: Issuer,
  revoked: readonly RevokedCertificate[],
  nowMs: number,
): Promise<string> {
  const { certificate, privateKey } = issuer;
  const list = await x509.X509CrlGenerator.create({
    issuer: certificate.subjectName,
    signingKey: privateKey,
    signingAlgorithm: ECDSA_P256,
    thisUpdate: wholeSecond(nowMs - BACKDATE_MS),
    nextUpdate: certificate.notAfter,
    entries: revoked.map(({ serialNumber, revokedAtMs }) => ({
      serialNumber,
      revocationDate: wholeSecond(revokedAtMs),
      // Without any, the library writes an empty list of extensions, which Envoy refuses.
      reason: x509.X509CrlReason.keyCompromise,
    })),
    extensions: [
      await x509.AuthorityKeyIdentifierExtension.create(certificate.publicKey),
      new x509.Extension(CRL_NUMBER, false, derInteger(nowMs)),
    ],
  });
  // The library's own label is another.
  return `${x509.PemConverter.encode(list.rawData, 'X509 CRL')}\n`;
}

function wholeSecond(timeMs: number): Date {
  return new Date(Math.floor(timeMs / 1000) * 1000);
}

/** A positive INTEGER (X.690, 8.3): the time serves as a number that only grows. */
function derInteger(value: number): Uint8Array<ArrayBuffer> {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  const content = (bytes[0] ?? 0) < 0x80 ? [...bytes] : [0, ...bytes];
  return new Uint8Array([INTEGER, content.length, ...content]);
}

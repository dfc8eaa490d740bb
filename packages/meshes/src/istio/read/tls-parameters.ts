import type { FieldReader, ServerTls, TlsVersion } from '@meshwise/model';

type Parameters = Pick<
  ServerTls,
  'subjectAltNames' | 'verifyCertificateSpki' | 'verifyCertificateHash' | 'cipherSuites' | 'minVersion' | 'maxVersion'
>;

const versions: Readonly<Record<string, TlsVersion | undefined>> = {
  TLS_AUTO: undefined,
  TLSV1_0: '1.0',
  TLSV1_1: '1.1',
  TLSV1_2: '1.2',
  TLSV1_3: '1.3',
};

/** Cipher suites up to TLS 1.2 that Envoy's BoringSSL knows; those of TLS 1.3 cannot be chosen. */
const suites: readonly string[] = [
  ...['ECDHE-ECDSA', 'ECDHE-RSA'].flatMap((exchange) =>
    ['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'CHACHA20-POLY1305', 'AES128-SHA', 'AES256-SHA'].map(
      (cipher) => `${exchange}-${cipher}`,
    ),
  ),
  ...['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'AES128-SHA', 'AES256-SHA'],
];

/** SHA-256 in base64, as RFC 7469 pins keys; and in hexadecimal, with colons or without, as OpenSSL prints it. */
const isSpki = (text: string) => /^[A-Za-z0-9+/]{43}=$/.test(text);
const isHash = (text: string) => /^([0-9a-fA-F]{64}|([0-9a-fA-F]{2}:){31}[0-9a-fA-F]{2})$/.test(text);

/**
 * How TLS is spoken and whose certificates are good (Istio, ServerTLSSettings). Undefined, and reported, when a condition on
 * clients cannot be read: without it a server would let in more than it is meant to.
 */
export function readTlsParameters(field: FieldReader): Parameters | undefined {
  const spki = field.strings('verifyCertificateSpki') ?? [];
  const hashes = field.strings('verifyCertificateHash') ?? [];
  if (!spki.every(isSpki)) field.invalid('verifyCertificateSpki', 'is not a list of SHA-256 digests in base64');
  if (!hashes.every(isHash)) field.invalid('verifyCertificateHash', 'is not a list of SHA-256 digests in hexadecimal');
  const minVersion = readVersion(field, 'minProtocolVersion');
  const maxVersion = readVersion(field, 'maxProtocolVersion');
  const isEmptyRange = (minVersion ?? '1.2') > (maxVersion ?? '1.3');
  if (isEmptyRange) field.invalid('maxProtocolVersion', 'is below the lowest version, which is TLSV1_2 unless said');
  if (!spki.every(isSpki) || !hashes.every(isHash) || isEmptyRange) return undefined;
  return {
    ...listed('subjectAltNames', field.strings('subjectAltNames') ?? []),
    ...listed('verifyCertificateSpki', spki),
    ...listed('verifyCertificateHash', hashes),
    ...listed('cipherSuites', readSuites(field)),
    ...(minVersion === undefined ? {} : { minVersion }),
    ...(maxVersion === undefined ? {} : { maxVersion }),
  };
}

function readSuites(field: FieldReader): readonly string[] {
  const written = field.strings('cipherSuites') ?? [];
  const unknown = written.filter((suite) => !suites.includes(suite));
  if (unknown.length > 0) field.unsupported('cipherSuites', `names suites that are not known: ${unknown.join(', ')}`);
  return written.filter((suite) => suites.includes(suite));
}

function readVersion(field: FieldReader, name: string): TlsVersion | undefined {
  const written = field.string(name);
  if (written === undefined) return undefined;
  if (Object.hasOwn(versions, written)) return versions[written];
  field.invalid(name, `is none of ${Object.keys(versions).join(', ')}`);
  return undefined;
}

function listed<Name extends keyof Parameters>(
  name: Name,
  list: readonly string[],
): { [key in Name]?: readonly string[] } {
  return list.length === 0 ? {} : ({ [name]: list } as { [key in Name]?: readonly string[] });
}

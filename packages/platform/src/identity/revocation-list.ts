import { createSecureContext } from 'node:tls';

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const EXTENSIONS = 0xa0;
const LIST_BLOCK = /-----BEGIN X509 CRL-----([^-]+)-----END X509 CRL-----/g;
const ANY_BLOCK_START = /-----BEGIN /g;

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** Whether Envoy can load a text of revocation lists (RFC 5280, 5.1). It would skip other texts, and then refuse everybody. */
export function areRevocationLists(pem: string): boolean {
  const lists = [...pem.matchAll(LIST_BLOCK)];
  return (
    lists.length > 0 &&
    lists.length === pem.match(ANY_BLOCK_START)?.length &&
    lists.every(([block, base64 = '']) => isLoadable(block) && hasNoEmptyExtensions(Buffer.from(base64, 'base64')))
  );
}

function isLoadable(crl: string): boolean {
  try {
    createSecureContext({ crl });
    return true;
  } catch {
    return false;
  }
}

/**
 * Extensions that are there must be some, and only version 2 has them (RFC 5280, 5.1.2.1 and 5.2): Node takes a list with
 * none, which Envoy refuses together with the cluster or the secret that names it.
 */
function hasNoEmptyExtensions(der: Uint8Array): boolean {
  const [certificateList] = elements(der);
  const [toBeSigned] = elements(certificateList?.content);
  const fields = elements(toBeSigned?.content);
  const ofList = fields.find(({ tag }) => tag === EXTENSIONS);
  // After version, signature, issuer and the times: what is left of the sequences.
  const [, , revoked] = fields.filter(({ tag }) => tag === SEQUENCE);
  const ofEntries = elements(revoked?.content).flatMap(({ content }) => elements(content)[2] ?? []);
  const lists = [...(ofList === undefined ? [] : elements(ofList.content)), ...ofEntries];
  const isVersion2 = fields[0]?.tag === INTEGER;
  return lists.length === 0 || (isVersion2 && lists.every(({ content }) => content.length > 0));
}

/** The elements of DER (X.690, 8.1) that stand one after another; those that are cut off are left out. */
function elements(der: Uint8Array = new Uint8Array()): readonly Element[] {
  const found: Element[] = [];
  for (let at = 0; at + 1 < der.length; ) {
    const first = der[at + 1] ?? 0;
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    const start = at + 2 + lengthBytes;
    const length = lengthBytes === 0 ? first : der.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
    if (start + length > der.length) break;
    found.push({ tag: der[at] ?? 0, content: der.subarray(start, start + length) });
    at = start + length;
  }
  return found;
}

/**
 * Reads of an encoded DiscoveryRequest only what an acknowledgement needs. Gives up (undefined) on anything else: a
 * node, an error, names that are not in one run. The caller then decodes the message properly.
 */
export interface RequestScan {
  readonly typeUrl: string;
  readonly nonce: string;
  /** The encoded field `resource_names`, all entries. */
  readonly names: Uint8Array;
}

const VERSION = 1;
const NAMES = 3;
const TYPE_URL = 4;
const NONCE = 5;

export function scanRequest(bytes: Uint8Array): RequestScan | undefined {
  const text = (start: number, end: number) =>
    Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
  let typeUrl = '';
  let nonce = '';
  let namesStart = -1;
  let namesEnd = -1;
  for (let at = 0; at < bytes.length; ) {
    const fieldStart = at;
    const tag = bytes[at++] ?? 0;
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 21) return undefined;
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    const start = at;
    at += length;
    if (at > bytes.length || (tag & 7) !== 2) return undefined;
    const field = tag >> 3;
    if (field === TYPE_URL) typeUrl = text(start, at);
    else if (field === NONCE) nonce = text(start, at);
    else if (field === NAMES) {
      if (namesStart < 0) namesStart = fieldStart;
      else if (namesEnd !== fieldStart) return undefined;
      namesEnd = at;
    } else if (field !== VERSION) return undefined;
  }
  return { typeUrl, nonce, names: namesStart < 0 ? new Uint8Array() : bytes.subarray(namesStart, namesEnd) };
}

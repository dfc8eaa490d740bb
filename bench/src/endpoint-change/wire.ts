/** The little protobuf that a thousand clients in one process need: they read headers and write acknowledgements. */
export interface DeltaHeader {
  readonly typeUrl: string;
  readonly nonce: string;
  readonly resources: number;
}

const RESOURCES = 2;
const TYPE_URL = 4;
const NONCE = 5;

/** Of an encoded DeltaDiscoveryResponse: what an acknowledgement needs. Fields come in any order. */
export function readDeltaHeader(bytes: Buffer): DeltaHeader {
  let typeUrl = '';
  let nonce = '';
  let resources = 0;
  for (let at = 0; at < bytes.length; ) {
    const tag = readVarint(bytes, at);
    if ((tag.value & 7) !== 2) throw new RangeError(`unexpected wire type in field ${tag.value >> 3}`);
    const length = readVarint(bytes, tag.next);
    const end = length.next + length.value;
    const field = tag.value >> 3;
    if (field === RESOURCES) resources += 1;
    else if (field === TYPE_URL) typeUrl = bytes.toString('utf8', length.next, end);
    else if (field === NONCE) nonce = bytes.toString('utf8', length.next, end);
    at = end;
  }
  return { typeUrl, nonce, resources };
}

export interface DeltaRequest {
  readonly node?: string;
  readonly typeUrl: string;
  readonly subscribe?: readonly string[];
  readonly nonce?: string;
}

/** An encoded DeltaDiscoveryRequest. */
export function deltaRequest(request: DeltaRequest): Buffer {
  return Buffer.concat([
    ...(request.node === undefined ? [] : [field(1, field(1, Buffer.from(request.node)))]),
    field(2, Buffer.from(request.typeUrl)),
    ...(request.subscribe ?? []).map((name) => field(3, Buffer.from(name))),
    ...(request.nonce === undefined ? [] : [field(6, Buffer.from(request.nonce))]),
  ]);
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(content.length)]), content]);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

function readVarint(bytes: Buffer, start: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let at = start, shift = 0; ; at += 1, shift += 7) {
    const byte = bytes[at];
    if (byte === undefined || shift > 28) throw new RangeError('not a protobuf message');
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, next: at + 1 };
  }
}

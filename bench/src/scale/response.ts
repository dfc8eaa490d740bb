/** Reads names out of an encoded DeltaDiscoveryResponse without decoding the resources. */
const RESOURCES = 2;
const RESOURCE_NAME = 3;

export function resourceNames(response: Buffer): string[] {
  const names: string[] = [];
  for (const field of fieldsOf(response)) {
    if (field.number !== RESOURCES) continue;
    for (const inner of fieldsOf(field.content)) {
      if (inner.number !== RESOURCE_NAME) continue;
      names.push(inner.content.toString());
      break;
    }
  }
  return names;
}

interface Field {
  readonly number: number;
  readonly content: Buffer;
}

const NOTHING = Buffer.alloc(0);

/** The fields of a message; of those that are not length-delimited only that they are there. */
function* fieldsOf(message: Buffer): Generator<Field> {
  for (let at = 0; at < message.length; ) {
    const tag = varint(message, at);
    const number = tag.value >> 3;
    const wireType = tag.value & 7;
    const first = varint(message, tag.next);
    if (wireType === 0) at = first.next;
    else if (wireType === 2) at = first.next + first.value;
    else throw new RangeError(`unexpected wire type ${wireType} in field ${number}`);
    yield { number, content: wireType === 2 ? message.subarray(first.next, at) : NOTHING };
  }
}

function varint(bytes: Buffer, start: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let at = start, shift = 0; ; at += 1, shift += 7) {
    const byte = bytes[at];
    if (byte === undefined) throw new RangeError('not a protobuf message');
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, next: at + 1 };
  }
}

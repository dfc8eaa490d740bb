/**
 * Reads the requests that come by the thousand without decoding them as messages: acknowledgements and subscriptions.
 * Gives up (undefined) on anything else: a node, an error, versions of an earlier stream, names that are not in one run.
 */
export interface DeltaScan {
  readonly typeUrl: string;
  readonly nonce: string;
  /** The encoded field `resource_names_subscribe`, all entries; likewise below. */
  readonly subscribe: Buffer;
  readonly unsubscribe: Buffer;
}

const TYPE_URL = 2;
const SUBSCRIBE = 3;
const UNSUBSCRIBE = 4;
const NONCE = 6;

export function scanDeltaRequest(bytes: Buffer): DeltaScan | undefined {
  let typeUrl = '';
  let nonce = '';
  const runs = { [SUBSCRIBE]: { start: 0, end: 0 }, [UNSUBSCRIBE]: { start: 0, end: 0 } };
  for (let at = 0; at < bytes.length; ) {
    const field = readField(bytes, at);
    if (field === undefined) return undefined;
    if (field.number === TYPE_URL) typeUrl = bytes.toString('utf8', field.start, field.end);
    else if (field.number === NONCE) nonce = bytes.toString('utf8', field.start, field.end);
    else if (field.number === SUBSCRIBE || field.number === UNSUBSCRIBE) {
      const run = runs[field.number];
      if (run.end === 0) run.start = at;
      else if (run.end !== at) return undefined;
      run.end = field.end;
    } else return undefined;
    at = field.end;
  }
  const cut = ({ start, end }: { start: number; end: number }) => bytes.subarray(start, end);
  return { typeUrl, nonce, subscribe: cut(runs[SUBSCRIBE]), unsubscribe: cut(runs[UNSUBSCRIBE]) };
}

/** The texts of one repeated field. */
export function* textsOf(run: Buffer): Generator<string> {
  for (let at = 0; at < run.length; ) {
    const field = readField(run, at);
    if (field === undefined) return;
    yield run.toString('utf8', field.start, field.end);
    at = field.end;
  }
}

interface Field {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** A length-delimited field with a number below 16; undefined for any other. */
function readField(bytes: Buffer, at: number): Field | undefined {
  const tag = bytes[at] ?? 0;
  if ((tag & 0x87) !== 2) return undefined;
  let length = 0;
  for (let next = at + 1, shift = 0; shift <= 21; next += 1, shift += 7) {
    const byte = bytes[next];
    if (byte === undefined) return undefined;
    length |= (byte & 0x7f) << shift;
    if (byte >= 0x80) continue;
    const start = next + 1;
    const end = start + length;
    return end > bytes.length ? undefined : { number: tag >> 3, start, end };
  }
  return undefined;
}

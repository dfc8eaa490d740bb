import type { PreparedRequest } from '../prepared-request.ts';
import { DEFAULT_MAX_FRAME_BYTES, FLAG, FRAME, FRAME_HEADER_BYTES, frame } from './frames.ts';
import { encodeHead, NO_TABLE } from './hpack/encode-head.ts';
import type { Field } from './hpack/static-table.ts';

/** A request as it is sent: frames in which only the number of the stream is missing. */
export interface EncodedRequest {
  /** For the first request of a connection, and for all that follow. */
  readonly first: HeadFrames;
  readonly next: HeadFrames;
  readonly body: Buffer | null;
  /** Its answer says how long a body would be, and has none. */
  readonly isHead: boolean;
}

/** A HEADERS frame with its CONTINUATION frames. */
export interface HeadFrames {
  readonly bytes: Buffer;
  readonly streamOffsets: readonly number[];
}

/** RFC 9113 8.2.2: fields that belong to a connection of HTTP/1.1 and have no meaning here. */
const OF_CONNECTION = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'host']);

export function encodeHttp2Request(request: PreparedRequest): EncodedRequest {
  const { body } = request;
  const fields = fieldsOf(request);
  if (body !== null && !fields.some(({ name }) => name === 'content-length')) {
    fields.push({ name: 'content-length', value: String(body.length) });
  }
  return encode(fields, body, request.method === 'HEAD');
}

/** One message of a unary call, as “gRPC over HTTP2” frames it: not compressed, its length before it. */
export function encodeGrpcRequest(request: PreparedRequest): EncodedRequest {
  const message = request.body ?? Buffer.alloc(0);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  const given = fieldsOf({ ...request, method: 'POST' }).filter(
    ({ name }) => name !== 'te' && name !== 'content-length',
  );
  const contentType = given.some(({ name }) => name === 'content-type')
    ? []
    : [{ name: 'content-type', value: 'application/grpc' }];
  return encode([...given, ...contentType, { name: 'te', value: 'trailers' }], Buffer.concat([prefix, message]), false);
}

function fieldsOf({ method, scheme, authority, path, headers }: PreparedRequest): Field[] {
  const given = headers
    .map(([name, value]) => ({ name: name.toLowerCase(), value }))
    .filter(({ name, value }) => !OF_CONNECTION.has(name) && (name !== 'te' || value === 'trailers'));
  return [
    { name: ':method', value: method },
    { name: ':scheme', value: scheme },
    { name: ':authority', value: authority },
    { name: ':path', value: path },
    ...given,
  ];
}

function encode(fields: readonly Field[], body: Buffer | null, isHead: boolean): EncodedRequest {
  const head = encodeHead(fields);
  const endStream = body === null || body.length === 0;
  return {
    first: headFrames(Buffer.concat([NO_TABLE, head]), endStream),
    next: headFrames(head, endStream),
    body: endStream ? null : body,
    isHead,
  };
}

/** RFC 9113 6.2 and 6.10. */
function headFrames(block: Buffer, endStream: boolean): HeadFrames {
  const frames: Buffer[] = [];
  const streamOffsets: number[] = [];
  let offset = 0;
  for (let at = 0; at < block.length; at += DEFAULT_MAX_FRAME_BYTES) {
    const part = block.subarray(at, at + DEFAULT_MAX_FRAME_BYTES);
    const isFirst = at === 0;
    const isLast = at + part.length === block.length;
    const flags = (isFirst && endStream ? FLAG.endStream : 0) | (isLast ? FLAG.endHeaders : 0);
    frames.push(frame(isFirst ? FRAME.headers : FRAME.continuation, flags, 0, part));
    streamOffsets.push(offset + 5);
    offset += FRAME_HEADER_BYTES + part.length;
  }
  return { bytes: Buffer.concat(frames), streamOffsets };
}

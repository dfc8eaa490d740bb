import { MAX_WINDOW_BYTES, SETTING } from './frames.ts';
import { MalformedAnswer } from './malformed-answer.ts';

/** Of a server's settings those that matter to a client which sends small frames and keeps no table; null when not said. */
export interface ServerSettings {
  readonly maxConcurrentStreams: number | null;
  readonly initialWindowSize: number | null;
}

/** RFC 9113 6.5.1. */
export function readSettings(bytes: Buffer, from: number, to: number): ServerSettings {
  if ((to - from) % 6 !== 0) throw new MalformedAnswer('a SETTINGS frame ends in the middle of a setting');
  const values = new Map<number, number>();
  for (let at = from; at < to; at += 6) values.set(bytes.readUInt16BE(at), bytes.readUInt32BE(at + 2));
  const initialWindowSize = values.get(SETTING.initialWindowSize) ?? null;
  if (initialWindowSize !== null && initialWindowSize > MAX_WINDOW_BYTES) {
    throw new MalformedAnswer('the server asks for more than any window may be');
  }
  return { maxConcurrentStreams: values.get(SETTING.maxConcurrentStreams) ?? null, initialWindowSize };
}

/** RFC 9113 6.4: the reason. */
export function readResetStream(bytes: Buffer, from: number, to: number): number {
  if (to - from !== 4) throw new MalformedAnswer('a RST_STREAM frame has not four bytes');
  return bytes.readUInt32BE(from);
}

/** RFC 9113 6.7: what has to come back. */
export function readPing(bytes: Buffer, from: number, to: number): Buffer {
  if (to - from !== 8) throw new MalformedAnswer('a PING frame has not eight bytes');
  return bytes.subarray(from, to);
}

/** RFC 9113 6.8: the last stream that the server has done or will do anything for. */
export function readGoAway(
  bytes: Buffer,
  from: number,
  to: number,
): { readonly lastId: number; readonly code: number } {
  if (to - from < 8) throw new MalformedAnswer('a GOAWAY frame is too short');
  return { lastId: bytes.readUInt32BE(from) & 0x7fff_ffff, code: bytes.readUInt32BE(from + 4) };
}

/** RFC 9113 6.9. */
export function readWindowUpdate(bytes: Buffer, from: number, to: number): number {
  if (to - from !== 4) throw new MalformedAnswer('a WINDOW_UPDATE frame has not four bytes');
  const increment = bytes.readUInt32BE(from) & 0x7fff_ffff;
  if (increment === 0) throw new MalformedAnswer('a window is widened by nothing');
  return increment;
}

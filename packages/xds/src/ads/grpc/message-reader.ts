/**
 * Finds messages in the data of a stream: each is preceded by a flag for compression and its length.
 *
 * Source: "gRPC over HTTP2", Length-Prefixed-Message.
 */
import { type CallEnd, GRPC_STATUS } from './status.ts';

export const PREFIX_LENGTH = 5;

/** gRPC's own default; a request that lists all names of a large mesh has a tenth of it. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/** The five bytes before a message of that length. */
export function messagePrefix(length: number): Buffer {
  const prefix = Buffer.alloc(PREFIX_LENGTH);
  prefix.writeUInt32BE(length, 1);
  return prefix;
}

export class MessageReader {
  /** Data that does not yet make a message, put together only when it does. */
  #held: Buffer[] = [];
  #heldLength = 0;
  #neededLength = PREFIX_LENGTH;

  /** Hands over every message that is complete with this data; returns why the call must end, if it must. */
  push(data: Buffer, take: (message: Buffer) => void): CallEnd | undefined {
    this.#held.push(data);
    this.#heldLength += data.length;
    if (this.#heldLength < this.#neededLength) return undefined;
    let rest = this.#held.length === 1 ? data : Buffer.concat(this.#held, this.#heldLength);
    this.#neededLength = PREFIX_LENGTH;
    while (rest.length >= PREFIX_LENGTH) {
      if (rest[0] !== 0) return { code: GRPC_STATUS.UNIMPLEMENTED, details: 'compressed messages are not read' };
      const length = rest.readUInt32BE(1);
      if (length > MAX_MESSAGE_BYTES) {
        return { code: GRPC_STATUS.RESOURCE_EXHAUSTED, details: `a message of more than ${MAX_MESSAGE_BYTES} bytes` };
      }
      this.#neededLength = PREFIX_LENGTH + length;
      if (rest.length < this.#neededLength) break;
      take(rest.subarray(PREFIX_LENGTH, this.#neededLength));
      rest = rest.subarray(this.#neededLength);
      this.#neededLength = PREFIX_LENGTH;
    }
    this.#held = rest.length === 0 ? [] : [rest];
    this.#heldLength = rest.length;
    return undefined;
  }
}

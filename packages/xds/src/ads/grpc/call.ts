/**
 * The server's side of one gRPC call with streams both ways, on a stream of `node:http2`.
 *
 * Responses are lists of pieces that many calls share, and they stay what they are down to the socket: nothing is copied
 * for a call. That is why this is not @grpc/grpc-js, which puts its prefix before each message by copying it: with 2,000
 * proxies of 1,000 services that was half of the time and two thirds of the memory.
 *
 * Source: "gRPC over HTTP2".
 */
import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { lengthOf } from '../../view/wire.ts';
import { MessageReader, messagePrefix } from './message-reader.ts';
import { type CallEnd, GRPC_STATUS, statusFields } from './status.ts';

const RESPONSE: OutgoingHttpHeaders = {
  ':status': 200,
  'content-type': 'application/grpc+proto',
  'grpc-accept-encoding': 'identity',
};

export interface CallHandlers {
  readonly message: (bytes: Buffer) => void;
  /** The client has nothing more to say. */
  readonly end: () => void;
  /** The stream is gone, whoever ended it. Called once. */
  readonly closed: () => void;
}

export class GrpcCall {
  readonly #stream: ServerHttp2Stream;
  #end: CallEnd | undefined;

  constructor(stream: ServerHttp2Stream) {
    this.#stream = stream;
    // What goes wrong with a stream ends it, and `close` says so.
    stream.on('error', () => {});
  }

  /** Answers that the call is taken, and hands over what comes. */
  accept(handlers: CallHandlers): void {
    const stream = this.#stream;
    const reader = new MessageReader();
    stream.on('data', (data: Buffer) => {
      if (this.#end !== undefined) return;
      const failure = reader.push(data, (message) => {
        if (this.#end === undefined) handlers.message(message);
      });
      if (failure !== undefined) this.end(failure);
    });
    stream.once('end', handlers.end);
    stream.once('close', handlers.closed);
    stream.once('wantTrailers', () => {
      stream.sendTrailers(statusFields(this.#end ?? { code: GRPC_STATUS.OK, details: '' }));
    });
    stream.respond(RESPONSE, { waitForTrailers: true });
  }

  /** Answers with a status and nothing else. */
  refuse(end: CallEnd): void {
    if (this.#stream.destroyed) return;
    this.#end = end;
    this.#stream.resume();
    this.#stream.respond({ ...RESPONSE, ...statusFields(end) }, { endStream: true });
  }

  /** Sends one message, made of these pieces; `read` is called when all of it has been taken by the connection. */
  write(pieces: readonly Uint8Array[], read: () => void): void {
    const stream = this.#stream;
    if (this.#end !== undefined || stream.destroyed) return;
    stream.cork();
    const last = pieces.at(-1);
    stream.write(messagePrefix(lengthOf(pieces)));
    for (const piece of pieces.slice(0, -1)) stream.write(piece);
    if (last !== undefined) stream.write(last, (error) => (error ? undefined : read()));
    stream.uncork();
  }

  /** Ends the call. A client that does not read what was sent before cannot be told why, and is cut off. */
  end(end: CallEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    if (this.#stream.destroyed) return;
    if (this.#stream.writableLength > 0 && end.code !== GRPC_STATUS.OK) {
      this.#stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
      return;
    }
    this.#stream.end();
    // Who goes on sending is not listened to, but must not fill the connection's window.
    this.#stream.resume();
  }
}

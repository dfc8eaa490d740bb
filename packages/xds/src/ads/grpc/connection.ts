/** One HTTP/2 connection that came in on a socket, and the check that its other end is still there. */
import { performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Clock } from '@meshwise/core';
import { GrpcCall } from './call.ts';
import { GRPC_STATUS } from './status.ts';

/** A peer that is gone without a word is noticed; gRPC's `keepalive_time` and `keepalive_timeout`. */
const KEEPALIVE_EVERY_MS = 30_000;
const KEEPALIVE_TIMEOUT_MS = 10_000;

/**
 * Streams one connection may have open. A proxy needs one, but a gRPC client has one for each name that it calls, all on
 * one connection: more than any proxy may have, so that it is told rather than kept waiting.
 */
const MAX_STREAMS = 256;

export interface IncomingCall {
  readonly call: GrpcCall;
  /** `/package.Service/Method`. */
  readonly path: string;
  /** The header field of that name, which carries a token. */
  readonly authorization: string | undefined;
}

export function serveConnection(
  socket: Socket,
  clock: Clock,
  take: (incoming: IncomingCall) => void,
): ServerHttp2Session {
  const session = performServerHandshake(socket, {
    settings: { maxConcurrentStreams: MAX_STREAMS },
    // Without a limit of its own: what waits for readers is bounded over all connections by `UnreadBudget`.
    maxSessionMemory: Number.MAX_SAFE_INTEGER,
  });
  session.on('error', () => session.destroy());
  session.on('stream', (stream, headers) => {
    const { ':method': method, ':path': path, 'content-type': type, authorization } = headers;
    if (method !== 'POST' || typeof path !== 'string' || type?.startsWith('application/grpc') !== true) {
      refuseOther(stream);
      return;
    }
    take({ call: new GrpcCall(stream), path, authorization });
  });
  keepAlive(session, clock);
  return session;
}

/** "Unsupported Media Type" to whatever does not speak gRPC, as its specification asks. */
function refuseOther(stream: ServerHttp2Stream): void {
  stream.on('error', () => {});
  stream.resume();
  stream.respond({ ':status': 415, 'grpc-status': String(GRPC_STATUS.INTERNAL) }, { endStream: true });
}

function keepAlive(session: ServerHttp2Session, clock: Clock): void {
  let cancel = () => {};
  const wait = () => {
    cancel = clock.after(KEEPALIVE_EVERY_MS, () => {
      if (session.destroyed) return;
      cancel = clock.after(KEEPALIVE_TIMEOUT_MS, () => session.destroy());
      session.ping((error) => {
        cancel();
        if (error === null && !session.destroyed) wait();
      });
    });
  };
  wait();
  session.once('close', () => cancel());
}

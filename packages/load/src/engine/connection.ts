import type { ErrorKind } from '../result/interval.ts';
import type { PreparedRequest } from './prepared-request.ts';
import type { Target } from './target.ts';

/**
 * The port between the loops, which know about time, and the protocols, which know about bytes. A loop opens connections, gives
 * them requests, and measures; it reads the clock itself, in the moment of an event. So a protocol must say what happened at
 * once, and never from within a call of the loop: not from `open`, `send`, `abandon` or `close`.
 */
export interface Protocol {
  /** Begins to connect. Ends in `free`, or in `closed` with the reason. */
  open(events: ConnectionEvents): Connection;
  /** What an answer of this status is as an error; null when it is good. */
  judge(status: number): ErrorKind | null;
}

/** Makes a protocol ready for a plan: everything that can be done once is done here. */
export type PrepareProtocol = (target: Target, requests: readonly PreparedRequest[], limits: AnswerLimits) => Protocol;

export interface AnswerLimits {
  readonly maxHeadBytes: number;
  readonly maxBodyBytes: number;
  /** Requests under way on one connection, as far as the server allows. */
  readonly streamsPerConnection: number;
}

export interface Connection {
  /** How many requests it can take now. Zero while it connects, while it is full, and once it has closed. */
  readonly capacity: number;
  /**
   * Sends the request with this index; `token` comes back in `done` or `failed`, of which there is exactly one unless the loop
   * abandons the token. Only with `capacity` above zero. Answers with the bytes it takes, as far as they are known.
   */
  send(request: number, token: number): number;
  /** The answer is not waited for any longer; nothing is said about the token from now on. HTTP/1.1 closes for it, and says so. */
  abandon(token: number): void;
  /** Ends everything at once. No event follows, whatever was under way. */
  close(): void;
}

export interface ConnectionEvents {
  /** The connection is open, or has room again: `capacity` is above zero. After `done` and `failed`, not before. */
  free(connection: Connection): void;
  /**
   * An answer came to its end; `bytes` is what it took, with head and framing. For gRPC `status` is its own, and `message` what
   * the server said about it: a sample for the errors, should the status be one.
   */
  done(connection: Connection, token: number, status: number, bytes: number, message?: string): void;
  /** There will be no answer, or it made no sense. Followed by `closed` if the connection cannot go on. */
  failed(connection: Connection, token: number, kind: ErrorKind, message: string, bytes: number): void;
  /**
   * Once, after the tokens under way have `failed`. `kind` is null when it ended in good order, as after `Connection: close` or
   * GOAWAY; otherwise it says why it could not be opened, or broke.
   */
  closed(connection: Connection, kind: ErrorKind | null, message: string): void;
}

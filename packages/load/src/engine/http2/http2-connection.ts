import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Clock } from '@meshwise/core';
import type { AnswerLimits, Connection, ConnectionEvents } from '../connection.ts';
import type { Dialer } from '../dial.ts';
import { type Failure, failureOf } from '../failure.ts';
import type { Answer } from './answer.ts';
import type { EncodedRequest } from './encode-request.ts';
import type { AnswerEnd } from './read-end.ts';
import { Session } from './session.ts';

/** What the connections of one plan have in common. */
export interface Http2Shared {
  readonly clock: Clock;
  readonly dial: Dialer['dial'];
  readonly requests: readonly EncodedRequest[];
  readonly limits: AnswerLimits;
  readonly readEnd: (answer: Answer) => AnswerEnd;
  readonly buffer: Buffer;
  /** How long a server may take to say its settings, without which nobody knows whether it speaks HTTP/2. */
  readonly settingsTimeoutMs: number;
}

/** The port's view of a connection: dialling, the socket and its end. What goes over it is the session's affair. */
export class Http2Connection implements Connection {
  readonly #shared: Http2Shared;
  readonly #events: ConnectionEvents;
  readonly #giveUp: () => void;
  #socket: Socket | null = null;
  #session: Session | null = null;
  #cancelTimeout = () => {};
  #isOver = false;

  constructor(shared: Http2Shared, events: ConnectionEvents) {
    this.#shared = shared;
    this.#events = events;
    const onread = { buffer: shared.buffer, callback: (size: number) => this.#read(size) };
    this.#giveUp = shared.dial(
      { alpn: ['h2'], onread },
      { opened: (socket) => this.#opened(socket), failed: (why) => this.#end(why) },
    );
  }

  get capacity(): number {
    return this.#isOver ? 0 : (this.#session?.capacity ?? 0);
  }

  send(request: number, token: number): number {
    const encoded = this.#shared.requests[request];
    if (encoded === undefined || this.#session === null)
      throw new RangeError(`no request ${request} to send, or no session`);
    return this.#session.send(encoded, token);
  }

  abandon(token: number): void {
    this.#session?.abandon(token);
  }

  close(): void {
    this.#isOver = true;
    this.#cancelTimeout();
    this.#giveUp();
    this.#socket?.destroy();
  }

  #opened(socket: Socket): void {
    this.#socket = socket;
    socket.on('error', (error) => this.#end(failureOf(error, 'open')));
    // Both: `end` comes at once, and `close` also without one.
    socket.on('end', () => this.#ended());
    socket.on('close', () => this.#ended());
    if (socket instanceof TLSSocket && socket.alpnProtocol !== 'h2') {
      this.#end({ kind: 'tls', message: 'the server does not agree to speak HTTP/2 (ALPN)' });
      return;
    }
    const { clock, limits, readEnd, settingsTimeoutMs } = this.#shared;
    this.#cancelTimeout = clock.after(settingsTimeoutMs, () =>
      this.#end({
        kind: 'connect-timeout',
        message: `no HTTP/2 settings from the server within ${settingsTimeoutMs} ms`,
      }),
    );
    this.#session = new Session(socket, limits, readEnd, {
      ready: () => {
        this.#cancelTimeout();
        this.#events.free(this);
      },
      free: () => this.#events.free(this),
      done: (token, status, bytes, message) => this.#events.done(this, token, status, bytes, message),
      failed: (token, { kind, message }, bytes) => this.#events.failed(this, token, kind, message, bytes),
      over: (failure) => this.#end(failure),
      isOver: () => this.#isOver,
    });
  }

  /** Called with each piece, in the one buffer; true asks for more. */
  #read(size: number): boolean {
    if (this.#isOver) return false;
    this.#session?.read(this.#shared.buffer, size);
    return !this.#isOver;
  }

  #ended(): void {
    const isIdle = this.#session?.isIdle === true;
    this.#end(isIdle ? null : { kind: 'closed', message: 'the server closed the connection' });
  }

  /** Says what became of the requests under way, then that this is over. */
  #end(failure: Failure | null): void {
    if (this.#isOver) return;
    this.close();
    this.#session?.failAll(failure ?? { kind: 'closed', message: 'the server closed the connection' });
    this.#events.closed(this, failure?.kind ?? null, failure?.message ?? '');
  }
}

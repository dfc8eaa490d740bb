import type { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import type { ErrorKind } from '../../result/interval.ts';
import type { Connection, ConnectionEvents } from '../connection.ts';
import type { Dialer } from '../dial.ts';
import { type Failure, failureOf } from '../failure.ts';
import { AnswerParser, type ParserLimits } from './answer-parser.ts';
import type { HeadCache } from './head-cache.ts';

/** A request as it is sent, and whether its answer has a body. */
export interface EncodedRequest {
  readonly bytes: Buffer;
  readonly isHead: boolean;
}

const NO_TOKEN = -1;

/** One connection with one request at a time: pipelining would let one answer wait for another. */
export class Http1Connection implements Connection {
  readonly #requests: readonly EncodedRequest[];
  readonly #events: ConnectionEvents;
  readonly #parser: AnswerParser;
  readonly #giveUp: () => void;
  #socket: Socket | null = null;
  #token = NO_TOKEN;
  #isOver = false;
  capacity = 0;

  constructor(
    dialer: Dialer,
    requests: readonly EncodedRequest[],
    limits: ParserLimits,
    shared: { readonly heads: HeadCache; readonly buffer: Buffer },
    events: ConnectionEvents,
  ) {
    this.#requests = requests;
    this.#events = events;
    this.#parser = new AnswerParser(limits, shared.heads);
    const onread = { buffer: shared.buffer, callback: (size: number) => this.#read(shared.buffer, size) };
    this.#giveUp = dialer.dial(
      { onread },
      { opened: (socket) => this.#opened(socket), failed: (why) => this.#end(why) },
    );
  }

  send(request: number, token: number): number {
    const encoded = this.#requests[request];
    if (encoded === undefined || this.#socket === null)
      throw new RangeError(`no request ${request} to send, or no socket`);
    this.capacity = 0;
    this.#token = token;
    this.#parser.begin(encoded.isHead);
    this.#socket.write(encoded.bytes);
    return encoded.bytes.length;
  }

  abandon(token: number): void {
    if (token !== this.#token) return;
    this.#token = NO_TOKEN;
    this.capacity = 0;
    this.#socket?.destroy();
  }

  close(): void {
    this.#isOver = true;
    this.capacity = 0;
    this.#giveUp();
  }

  #opened(socket: Socket): void {
    this.#socket = socket;
    socket.on('error', (error) => this.#end(failureOf(error, 'open')));
    socket.on('end', () => this.#ended());
    socket.on('close', () => this.#ended());
    this.capacity = 1;
    this.#events.free(this);
  }

  /** Called with each piece, in the one buffer; true asks for more. */
  #read(buffer: Buffer, size: number): boolean {
    if (this.#isOver) return false;
    if (this.#token === NO_TOKEN) {
      this.#end({ kind: 'malformed', message: 'the server sent something that nobody had asked for' });
      return false;
    }
    const parser = this.#parser;
    const at = parser.read(buffer, 0, size);
    if (parser.failure !== null) this.#end(parser.failure);
    else if (parser.isComplete) this.#done(at < size);
    return !this.#isOver;
  }

  #done(hasMore: boolean): void {
    const { status, bytes, keepAlive } = this.#parser;
    const token = this.#token;
    this.#token = NO_TOKEN;
    const goesOn = keepAlive && !hasMore;
    if (goesOn) this.capacity = 1;
    this.#events.done(this, token, status, bytes);
    if (this.#isOver) return;
    if (goesOn) this.#events.free(this);
    else if (hasMore) this.#end({ kind: 'malformed', message: 'bytes came after the end of an answer' });
    else this.#end(null);
  }

  #ended(): void {
    if (this.#isOver) return;
    const parser = this.#parser;
    if (this.#token !== NO_TOKEN) parser.end();
    if (this.#token === NO_TOKEN) this.#end(null);
    else if (parser.failure !== null) this.#end(parser.failure);
    else this.#done(false);
  }

  /** Says what became of the request under way, then that this is over. */
  #end(failure: Failure | null): void {
    if (this.#isOver) return;
    const token = this.#token;
    this.#token = NO_TOKEN;
    this.close();
    const kind: ErrorKind | null = failure?.kind ?? null;
    const message = failure?.message ?? '';
    if (token !== NO_TOKEN) this.#events.failed(this, token, kind ?? 'closed', message, this.#parser.bytes);
    this.#events.closed(this, kind, message);
  }
}

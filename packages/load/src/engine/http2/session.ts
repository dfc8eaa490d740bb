import type { Socket } from 'node:net';
import type { AnswerLimits } from '../connection.ts';
import type { Failure } from '../failure.ts';
import { Answer } from './answer.ts';
import { BodySender } from './body-sender.ts';
import { readGoAway, readPing, readResetStream, readSettings, readWindowUpdate } from './control-frames.ts';
import type { EncodedRequest } from './encode-request.ts';
import { FrameReader } from './frame-reader.ts';
import {
  ERROR_CODE,
  errorName,
  FLAG,
  FRAME,
  FRAME_HEADER_BYTES,
  frame,
  resetStreamFrame,
  windowUpdateFrame,
} from './frames.ts';
import { HeadBlock, payloadRange } from './head-block.ts';
import { HpackDecoder } from './hpack/decoder.ts';
import { AnswerTooLarge, MalformedAnswer } from './malformed-answer.ts';
import { CONNECTION_WINDOW_BYTES, opening, STREAM_WINDOW_BYTES } from './opening.ts';
import { Outgoing } from './outgoing.ts';
import type { AnswerEnd } from './read-end.ts';
import { ReceiveWindow } from './receive-window.ts';
import type { Stream } from './stream.ts';
import { Streams } from './streams.ts';

export interface SessionEvents {
  /** The server has said its settings. */
  ready(): void;
  /** There is room again. */
  free(): void;
  done(token: number, status: number, bytes: number, message: string): void;
  failed(token: number, failure: Failure, bytes: number): void;
  /** The connection has to be closed; null when it has served its time in good order. */
  over(failure: Failure | null): void;
  /** Whether somebody has closed it, which may happen in any of these events. */
  isOver(): boolean;
}

/** HTTP/2 over one socket as a client that only asks (RFC 9113). Everything that a server can make it keep is bounded. */
export class Session {
  readonly #limits: AnswerLimits;
  readonly #readEnd: (answer: Answer) => AnswerEnd;
  readonly #events: SessionEvents;
  readonly #outgoing: Outgoing;
  readonly #bodies: BodySender;
  readonly #reader: FrameReader;
  readonly #decoder: HpackDecoder;
  readonly #block: HeadBlock;
  readonly #received = new ReceiveWindow(CONNECTION_WINDOW_BYTES);
  readonly #streams: Streams;
  #hasSettings = false;
  /** The stream that a frame is about, should there be something wrong with it. */
  #current = 0;

  constructor(socket: Socket, limits: AnswerLimits, readEnd: (answer: Answer) => AnswerEnd, events: SessionEvents) {
    this.#limits = limits;
    this.#readEnd = readEnd;
    this.#events = events;
    this.#streams = new Streams(limits.streamsPerConnection);
    this.#outgoing = new Outgoing(socket);
    this.#bodies = new BodySender(this.#outgoing);
    this.#decoder = new HpackDecoder(limits.maxHeadBytes);
    this.#block = new HeadBlock(limits.maxHeadBytes);
    this.#reader = new FrameReader((type, flags, stream, bytes, from, to) => {
      this.#current = stream;
      this.#frame(type, flags, stream, bytes, from, to);
      return !events.isOver();
    });
    this.#outgoing.append(opening(limits.maxHeadBytes));
  }

  get capacity(): number {
    return this.#streams.capacity;
  }

  get isIdle(): boolean {
    return this.#hasSettings && this.#streams.size === 0;
  }

  send(request: EncodedRequest, token: number): number {
    const id = this.#streams.takeId();
    const head = id === 1 ? request.first : request.next;
    const { body } = request;
    const answer = new Answer(request.isHead, this.#limits.maxBodyBytes);
    const received = new ReceiveWindow(STREAM_WINDOW_BYTES);
    const stream = { id, token, answer, received, body, sentBytes: 0, sendWindow: this.#bodies.initialWindow };
    this.#streams.add(stream);
    for (const offset of head.streamOffsets) head.bytes.writeUInt32BE(id, offset);
    this.#outgoing.append(head.bytes);
    this.#bodies.send(stream);
    return head.bytes.length + (body?.length ?? 0);
  }

  abandon(token: number): void {
    const stream = this.#streams.ofToken(token);
    if (stream === undefined) return;
    this.#cancel(stream);
    // Not at once: the caller must hear of nothing while it calls.
    queueMicrotask(() => this.#hasRoom());
  }

  failAll(failure: Failure): void {
    for (const stream of this.#streams.all()) this.#fail(stream, failure);
  }

  read(bytes: Buffer, length: number): void {
    try {
      this.#reader.push(bytes, length);
      if (this.#outgoing.isOverfull) throw new MalformedAnswer('the server asks and does not read what it is told');
    } catch (error) {
      if (error instanceof AnswerTooLarge) this.#end({ kind: 'too-large', message: error.message });
      else if (error instanceof MalformedAnswer) this.#end({ kind: 'malformed', message: error.message });
      else throw error;
    }
  }

  /** The answer that broke the connection fails for that reason; the others fail because it is closed. */
  #end(failure: Failure): void {
    const culprit = this.#streams.all().find(({ id }) => id === this.#current);
    if (culprit !== undefined) this.#fail(culprit, failure);
    const after: Failure = { kind: 'closed', message: `closed after a bad answer: ${failure.message}` };
    this.#events.over(culprit === undefined ? failure : after);
  }

  #frame(type: number, flags: number, id: number, bytes: Buffer, from: number, to: number): void {
    if (!this.#hasSettings && (type !== FRAME.settings || (flags & FLAG.ack) !== 0)) {
      throw new MalformedAnswer('the server does not begin with its settings');
    }
    if (this.#block.stream !== 0 && (type !== FRAME.continuation || id !== this.#block.stream)) {
      throw new MalformedAnswer('something comes in the middle of a head');
    }
    switch (type) {
      case FRAME.data:
        this.#data(flags, id, bytes, from, to);
        break;
      case FRAME.headers:
        this.#headers(flags, id, bytes, from, to);
        break;
      case FRAME.continuation:
        this.#continuation(flags, id, bytes, from, to);
        break;
      case FRAME.resetStream:
        this.#reset(id, bytes, from, to);
        break;
      case FRAME.settings:
        this.#settings(flags, bytes, from, to);
        break;
      case FRAME.ping:
        this.#ping(flags, bytes, from, to);
        break;
      case FRAME.goAway:
        this.#goAway(bytes, from, to);
        break;
      case FRAME.windowUpdate:
        this.#windowUpdate(id, bytes, from, to);
        break;
      case FRAME.pushPromise:
        throw new MalformedAnswer('the server pushes, which it was told not to');
    }
  }

  #data(flags: number, id: number, bytes: Buffer, from: number, to: number): void {
    const back = this.#received.take(to - from);
    if (back > 0) this.#outgoing.append(windowUpdateFrame(0, back));
    const stream = this.#streams.find(id);
    if (stream === undefined) return;
    const { answer, received } = stream;
    const payload = payloadRange(flags, false, bytes, from, to);
    answer.bytes += to - from + FRAME_HEADER_BYTES;
    answer.takeData(payload.to - payload.from, (flags & FLAG.endStream) !== 0);
    const streamBack = received.take(to - from);
    if (answer.isComplete) this.#complete(stream);
    else if (streamBack > 0) this.#outgoing.append(windowUpdateFrame(id, streamBack));
  }

  #headers(flags: number, id: number, bytes: Buffer, from: number, to: number): void {
    const stream = this.#streams.find(id);
    const payload = payloadRange(flags, true, bytes, from, to);
    const endStream = (flags & FLAG.endStream) !== 0;
    if (stream !== undefined) stream.answer.bytes += to - from + FRAME_HEADER_BYTES;
    if ((flags & FLAG.endHeaders) !== 0) this.#fields(stream, endStream, bytes, payload.from, payload.to);
    else this.#block.begin(id, endStream, bytes, payload.from, payload.to);
  }

  #continuation(flags: number, id: number, bytes: Buffer, from: number, to: number): void {
    if (this.#block.stream === 0) throw new MalformedAnswer('a head goes on that never began');
    const stream = this.#streams.find(id);
    if (stream !== undefined) stream.answer.bytes += to - from + FRAME_HEADER_BYTES;
    this.#block.add(bytes, from, to);
    if ((flags & FLAG.endHeaders) === 0) return;
    const head = this.#block.end();
    this.#fields(stream, this.#block.endStream, head, 0, head.length);
  }

  /** What belongs to no stream any more is decoded too, since what follows may refer to it. */
  #fields(stream: Stream | undefined, endStream: boolean, bytes: Buffer, from: number, to: number): void {
    this.#decoder.decode(bytes, from, to, stream?.answer ?? null);
    stream?.answer.endFields(endStream);
    if (stream?.answer.isComplete) this.#complete(stream);
  }

  #reset(id: number, bytes: Buffer, from: number, to: number): void {
    const stream = this.#streams.find(id);
    const name = errorName(readResetStream(bytes, from, to));
    if (stream === undefined) return;
    this.#fail(stream, { kind: 'reset', message: `the server reset the stream (${name})` });
    this.#hasRoom();
  }

  #settings(flags: number, bytes: Buffer, from: number, to: number): void {
    if ((flags & FLAG.ack) !== 0) return;
    const { maxConcurrentStreams, initialWindowSize } = readSettings(bytes, from, to);
    if (initialWindowSize !== null) this.#bodies.changeInitialWindow(initialWindowSize, this.#streams.all());
    const isFirst = !this.#hasSettings;
    this.#hasSettings = true;
    if (isFirst || maxConcurrentStreams !== null) this.#streams.allow(maxConcurrentStreams ?? Number.POSITIVE_INFINITY);
    this.#outgoing.append(frame(FRAME.settings, FLAG.ack, 0, Buffer.alloc(0)));
    if (isFirst) this.#events.ready();
    else this.#hasRoom();
  }

  #ping(flags: number, bytes: Buffer, from: number, to: number): void {
    const payload = readPing(bytes, from, to);
    if ((flags & FLAG.ack) === 0) this.#outgoing.append(frame(FRAME.ping, FLAG.ack, 0, payload));
  }

  #goAway(bytes: Buffer, from: number, to: number): void {
    const { lastId, code } = readGoAway(bytes, from, to);
    const name = errorName(code);
    this.#streams.isLeaving = true;
    for (const stream of this.#streams.all()) {
      if (stream.id > lastId) this.#fail(stream, { kind: 'closed', message: `the server goes away (${name})` });
    }
    if (code !== ERROR_CODE.noError) this.#events.over({ kind: 'closed', message: `the server goes away (${name})` });
    else this.#hasRoom();
  }

  #windowUpdate(id: number, bytes: Buffer, from: number, to: number): void {
    const increment = readWindowUpdate(bytes, from, to);
    const stream = id === 0 ? undefined : this.#streams.find(id);
    if (id === 0) this.#bodies.widenConnection(increment);
    else if (stream !== undefined) this.#bodies.widenStream(stream, increment);
  }

  #complete(stream: Stream): void {
    const { answer, token } = stream;
    // RFC 9113 8.1: a server may answer before it has the whole request, and does not want the rest then.
    if (stream.sentBytes < (stream.body?.length ?? 0)) this.#cancel(stream);
    this.#streams.delete(stream);
    const end = this.#readEnd(answer);
    if ('failure' in end) this.#events.failed(token, end.failure, answer.bytes);
    else this.#events.done(token, end.status, answer.bytes, end.message);
    this.#hasRoom();
  }

  #fail(stream: Stream, failure: Failure): void {
    this.#streams.delete(stream);
    this.#bodies.forget(stream);
    this.#events.failed(stream.token, failure, stream.answer.bytes);
  }

  #cancel(stream: Stream): void {
    this.#streams.delete(stream);
    this.#bodies.forget(stream);
    this.#outgoing.append(resetStreamFrame(stream.id, ERROR_CODE.cancel));
  }

  #hasRoom(): void {
    if (this.#events.isOver()) return;
    if (this.#streams.isLeaving && this.#streams.size === 0) this.#events.over(null);
    else if (this.capacity > 0) this.#events.free();
  }
}

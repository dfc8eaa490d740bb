import type { FieldSink } from './hpack/decoder.ts';
import type { Field } from './hpack/static-table.ts';
import { AnswerTooLarge, MalformedAnswer } from './malformed-answer.ts';

/** What one stream brings (RFC 9113 8.1): a head, a body, and perhaps trailers. */
export class Answer implements FieldSink {
  readonly #isToHead: boolean;
  readonly #maxBodyBytes: number;
  #hasHead = false;
  #contentLength = -1;
  #bodyBytes = 0;
  status = 0;
  /** With head and framing. */
  bytes = 0;
  /** Below zero until the server has said it, in its trailers or, when there is no message, in the head. */
  grpcStatus = -1;
  grpcMessage = '';
  isComplete = false;

  constructor(isToHead: boolean, maxBodyBytes: number) {
    this.#isToHead = isToHead;
    this.#maxBodyBytes = maxBodyBytes;
  }

  takeField({ name, value }: Field): void {
    if (name === ':status') {
      if (this.#hasHead) throw new MalformedAnswer('it has a status in its trailers');
      this.status = statusOf(value);
    } else if (name === 'content-length') this.#contentLength = lengthOf(value);
    else if (name === 'grpc-status') this.grpcStatus = grpcStatusOf(value);
    else if (name === 'grpc-message') this.grpcMessage = value;
  }

  /** After the last field of a head or of trailers. */
  endFields(endStream: boolean): void {
    if (this.#hasHead && !endStream) throw new MalformedAnswer('it has a second head');
    if (this.status === 0) throw new MalformedAnswer('it has no status');
    // RFC 9110 15.2: an interim answer, after which the real one comes.
    if (this.status < 200) {
      if (endStream) throw new MalformedAnswer(`it ends with the interim status ${this.status}`);
      this.status = 0;
      this.#contentLength = -1;
      return;
    }
    this.#hasHead = true;
    if (endStream) this.#end();
  }

  takeData(length: number, endStream: boolean): void {
    if (!this.#hasHead) throw new MalformedAnswer('its body comes before its head');
    this.#bodyBytes += length;
    if (this.#bodyBytes > this.#maxBodyBytes)
      throw new AnswerTooLarge(`its body is larger than ${this.#maxBodyBytes} bytes`);
    if (endStream) this.#end();
  }

  /** RFC 9113 8.1.1: a length that is not that of the body makes an answer malformed. */
  #end(): void {
    const hasBody = !this.#isToHead && this.status !== 304;
    if (hasBody && this.#contentLength !== -1 && this.#contentLength !== this.#bodyBytes) {
      throw new MalformedAnswer(`its body has ${this.#bodyBytes} bytes, and its head says ${this.#contentLength}`);
    }
    this.isComplete = true;
  }
}

function statusOf(value: string): number {
  if (!/^[1-9]\d\d$/.test(value)) throw new MalformedAnswer('its status is no number of three digits');
  return Number(value);
}

function lengthOf(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new MalformedAnswer('its content-length is no number');
  return Number(value);
}

function grpcStatusOf(value: string): number {
  if (!/^\d{1,5}$/.test(value)) throw new MalformedAnswer('its grpc-status is no number');
  return Number(value);
}

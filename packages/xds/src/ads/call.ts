/** One gRPC call: who it is from, its requests in, its responses out, and why it ends. */
import { type ServerDuplexStream, status } from '@grpc/grpc-js';
import type { Clock, Logger } from '@meshwise/core';
import type { Variant } from '../view/shared-parts.ts';
import { type ParsedRequest, parseDelta } from './delta-requests.ts';
import type { AdsLimits } from './limits.ts';
import { SotwReader } from './sotw-requests.ts';
import type { StreamSession } from './stream-session.ts';
import type { UnreadBudget } from './unread-budget.ts';

export type RawCall = ServerDuplexStream<Buffer, Buffer>;

export interface AdsCallOptions {
  readonly call: RawCall;
  readonly variant: Variant;
  readonly proxy: string;
  readonly limits: AdsLimits;
  readonly budget: UnreadBudget;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called at the first valid request; makes the session. */
  readonly open: (client: string, send: (bytes: Buffer) => void) => StreamSession;
  readonly closed: (session: StreamSession | undefined) => void;
}

/** Refuses a call before anything is read from it. */
export function refuse(call: RawCall, code: status, details: string): void {
  call.on('error', () => {});
  call.emit('error', { code, details });
}

export class AdsCall {
  readonly #options: AdsCallOptions;
  readonly #parse: (bytes: Buffer) => ParsedRequest;
  readonly #unknownTypes = new Set<string>();
  #session: StreamSession | undefined;
  #isEnded = false;
  #unreadBytes = 0;
  #cancelStall: (() => void) | undefined;

  constructor(options: AdsCallOptions) {
    this.#options = options;
    const sotw = new SotwReader();
    this.#parse = options.variant === 'delta' ? parseDelta : (bytes) => sotw.parse(bytes);
    const { call } = options;
    call.on('data', (bytes: Buffer) => this.#receive(bytes));
    call.on('end', () => this.end(status.OK, ''));
    for (const event of ['cancelled', 'close', 'error']) call.on(event, () => this.#finish());
  }

  end(code: status, details: string): void {
    if (this.#isEnded) return;
    this.#finish();
    if (code === status.OK) this.#options.call.end();
    else this.#options.call.emit('error', { code, details });
  }

  #receive(bytes: Buffer): void {
    if (this.#isEnded) return;
    try {
      this.#handle(this.#parse(bytes));
    } catch (error) {
      this.#options.logger.warn('xds request refused', { proxy: this.#options.proxy, error });
      this.end(status.INVALID_ARGUMENT, 'request cannot be read');
    }
  }

  #handle(request: ParsedRequest): void {
    const { proxy, limits, logger } = this.#options;
    if (request.node !== undefined && request.node.id !== proxy) {
      logger.warn('xds node id refused', { proxy, claimed: request.node.id });
      this.end(status.PERMISSION_DENIED, 'node id is not that of the authenticated proxy');
      return;
    }
    if (request.nameCount > limits.namesPerRequest) {
      this.end(status.RESOURCE_EXHAUSTED, `more than ${limits.namesPerRequest} names in one request`);
      return;
    }
    if (this.#session === undefined) {
      if (request.node === undefined) {
        this.end(status.INVALID_ARGUMENT, 'the first request of a stream must name the node');
        return;
      }
      this.#session = this.#options.open(request.node.client, (response) => this.#send(response));
    }
    if (request.applyTo(this.#session)) this.#options.budget.pump(this.#session);
    else if (!this.#unknownTypes.has(request.typeUrl) && this.#unknownTypes.size < 100) {
      this.#unknownTypes.add(request.typeUrl);
      logger.warn('xds type not served', { proxy, typeUrl: request.typeUrl });
    }
  }

  #send(bytes: Buffer): void {
    if (this.#isEnded) return;
    const { budget, call, clock, limits, logger, proxy } = this.#options;
    this.#unreadBytes += bytes.length;
    budget.sent(bytes.length);
    call.write(bytes, () => {
      if (this.#isEnded) return;
      this.#unreadBytes -= bytes.length;
      this.#cancelStall?.();
      this.#cancelStall = this.#unreadBytes > 0 ? clock.after(limits.stallTimeoutMs, giveUp) : undefined;
      budget.read(bytes.length);
    });
    const giveUp = () => {
      logger.warn('xds client does not read', { proxy, stallTimeoutMs: limits.stallTimeoutMs });
      this.end(status.RESOURCE_EXHAUSTED, 'responses are not being read');
    };
    this.#cancelStall ??= clock.after(limits.stallTimeoutMs, giveUp);
  }

  #finish(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#cancelStall?.();
    this.#options.closed(this.#session);
    this.#options.budget.read(this.#unreadBytes);
  }
}

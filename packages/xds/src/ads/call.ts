/** One call of a proxy: who it is from, its requests in, its responses out, and why it ends. */
import type { Clock, Logger } from '@meshwise/core';
import type { Variant } from '../view/shared-parts.ts';
import { lengthOf } from '../view/wire.ts';
import { type ParsedRequest, parseDelta } from './delta-requests.ts';
import type { GrpcCall } from './grpc/call.ts';
import { type CallEnd, GRPC_STATUS } from './grpc/status.ts';
import type { AdsLimits } from './limits.ts';
import type { NameLists } from './name-lists.ts';
import { SotwReader } from './sotw-requests.ts';
import type { StreamSession } from './stream-session.ts';
import type { UnreadBudget } from './unread-budget.ts';

export interface AdsCallOptions {
  readonly call: GrpcCall;
  readonly variant: Variant;
  readonly proxy: string;
  readonly limits: AdsLimits;
  readonly budget: UnreadBudget;
  /** Shared by all calls of a server. */
  readonly nameLists: NameLists;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called at the first valid request; makes the session. */
  readonly open: (client: string, send: (pieces: readonly Uint8Array[]) => void) => StreamSession;
  readonly closed: (session: StreamSession | undefined) => void;
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
    this.#parse =
      options.variant === 'delta' ? (bytes) => parseDelta(bytes, options.nameLists) : (bytes) => sotw.parse(bytes);
    options.call.accept({
      message: (bytes) => this.#receive(bytes),
      end: () => this.end(GRPC_STATUS.OK, ''),
      closed: () => this.#finish(),
    });
  }

  end(code: CallEnd['code'], details: string): void {
    if (this.#isEnded) return;
    this.#finish();
    this.#options.call.end({ code, details });
  }

  #receive(bytes: Buffer): void {
    if (this.#isEnded) return;
    try {
      this.#handle(this.#parse(bytes));
    } catch (error) {
      this.#options.logger.warn('xds request refused', { proxy: this.#options.proxy, error });
      this.end(GRPC_STATUS.INVALID_ARGUMENT, 'request cannot be read');
    }
  }

  #handle(request: ParsedRequest): void {
    const { proxy, limits, logger } = this.#options;
    if (request.node !== undefined && request.node.id !== proxy) {
      logger.warn('xds node id refused', { proxy, claimed: request.node.id });
      this.end(GRPC_STATUS.PERMISSION_DENIED, 'node id is not that of the authenticated proxy');
      return;
    }
    if (request.nameCount > limits.namesPerRequest) {
      this.end(GRPC_STATUS.RESOURCE_EXHAUSTED, `more than ${limits.namesPerRequest} names in one request`);
      return;
    }
    if (this.#session === undefined) {
      if (request.node === undefined) {
        this.end(GRPC_STATUS.INVALID_ARGUMENT, 'the first request of a stream must name the node');
        return;
      }
      this.#session = this.#options.open(request.node.client, (pieces) => this.#send(pieces));
    }
    if (request.applyTo(this.#session)) this.#options.budget.pump(this.#session);
    else if (!this.#unknownTypes.has(request.typeUrl) && this.#unknownTypes.size < 100) {
      this.#unknownTypes.add(request.typeUrl);
      logger.warn('xds type not served', { proxy, typeUrl: request.typeUrl });
    }
  }

  #send(pieces: readonly Uint8Array[]): void {
    if (this.#isEnded) return;
    const { budget, call, clock, limits, logger, proxy } = this.#options;
    const bytes = lengthOf(pieces);
    this.#unreadBytes += bytes;
    budget.sent(bytes);
    call.write(pieces, () => {
      if (this.#isEnded) return;
      this.#unreadBytes -= bytes;
      this.#cancelStall?.();
      this.#cancelStall = this.#unreadBytes > 0 ? clock.after(limits.stallTimeoutMs, giveUp) : undefined;
      budget.read(bytes);
    });
    const giveUp = () => {
      logger.warn('xds client does not read', { proxy, stallTimeoutMs: limits.stallTimeoutMs });
      this.end(GRPC_STATUS.RESOURCE_EXHAUSTED, 'responses are not being read');
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

/**
 * One open stream of one proxy: its types, their order, and what of it the status page shows. It is handed decoded
 * requests and gives finished responses to `send`; `server.ts` puts a gRPC call around it.
 */
import type { Clock } from '@meshwise/core';
import { XDS_TYPES, type XdsType, type XdsTypeRules } from '../types.ts';
import type { ResourceView } from '../view/resource-view.ts';
import type { Variant } from '../view/shared-parts.ts';
import type { SubscriptionInterner } from '../view/subscription.ts';
import { addGate, type Gate, removeGate } from './gates.ts';
import type { SentMessage } from './responses.ts';
import type { AdsEvent, NackRecord, TypeStatus } from './status.ts';
import { TypeState } from './type-state.ts';

export interface SessionOptions {
  readonly proxy: string;
  readonly variant: Variant;
  readonly views: readonly ResourceView[];
  readonly interner: SubscriptionInterner;
  readonly clock: Clock;
  /**
   * The proxy's last stream ended before it acknowledged its clusters: some may wait for endpoints that were lost with
   * that stream, although the client says it has them.
   */
  readonly mayBeWarming: boolean;
  /** How long one type waits for another before it speaks anyway. */
  readonly gateTimeoutMs: number;
  readonly send: (bytes: Buffer) => void;
  readonly emit: (event: AdsEvent) => void;
}

/** An acknowledgement or rejection as both variants carry it. */
export interface Answer {
  readonly nonce: string;
  readonly error: string | undefined;
}

interface Progress {
  sentVersion?: string;
  sentAtMs?: number;
  ackedVersion?: string;
  ackedAtMs?: number;
  lastNack?: NackRecord;
  blockedSinceMs?: number | undefined;
}

export class StreamSession {
  readonly proxy: string;
  readonly variant: Variant;
  readonly #options: SessionOptions;
  readonly #states = new Map<XdsType, TypeState>();
  readonly #progress = new Map<XdsType, Progress>();
  /** Clusters sent before the client asked for their endpoints. */
  #warming: SentMessage['resources'][number][] = [];
  #views: readonly ResourceView[];
  #cancelWake: (() => void) | undefined;
  #isClosed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.proxy = options.proxy;
    this.variant = options.variant;
    this.#views = options.views;
  }

  state(type: XdsType): TypeState | undefined {
    return this.#states.get(type);
  }

  /** The first request for a type. `known` is what the client has from an earlier stream, by name and version. */
  start(rules: XdsTypeRules, wildcard: boolean, names: ReadonlySet<string>, known: ReadonlyMap<string, string>): void {
    const state = new TypeState(rules, this.variant, this.#views, this.#options.interner.intern(wildcard, names));
    this.#states.set(rules.type, state);
    this.#progress.set(rules.type, {});
    if (known.size > 0) {
      state.resume(known, this.#waitedFor(rules.type, names));
      if (!state.hasAdds && !state.hasRemovals) this.#markAcked(rules.type, String(state.head));
    }
    if (rules.type === 'EDS') this.#warming = [];
    this.#reportRefused(rules, names);
  }

  /** Changes a subscription; `asked` are the names of this request, which are answered even if already known. */
  resubscribe(state: TypeState, wildcard: boolean, names: ReadonlySet<string>, asked: Iterable<string>): void {
    const resend = [...asked];
    state.resubscribe(this.#options.interner.intern(wildcard, names), resend);
    this.#reportRefused(state.rules, resend);
  }

  /** Takes an answer to a response. Answers to anything but the outstanding response are ignored, as they must be. */
  answer(state: TypeState, answer: Answer): void {
    const { type } = state.rules;
    if (answer.error === undefined) {
      const version = state.acknowledge(answer.nonce);
      if (version !== undefined) this.#markAcked(type, version);
      const progress = this.#progress.get(type);
      if (progress?.lastNack?.isOpen === true && !state.hasRejected) {
        progress.lastNack = { ...progress.lastNack, isOpen: false };
      }
      return;
    }
    const rejection = state.reject(answer.nonce, answer.error);
    if (rejection === undefined) return;
    const nack = { type, ...rejection, message: answer.error, atMs: this.#options.clock.nowMs(), isOpen: true };
    const progress = this.#progress.get(type);
    if (progress !== undefined) progress.lastNack = nack;
    this.#options.emit({ kind: 'nacked', proxy: this.proxy, type, nack });
  }

  /** Clusters may be waiting for endpoints. */
  get isWarming(): boolean {
    if (this.#states.get('CDS')?.isOutstanding === true) return true;
    const endpoints = this.#states.get('EDS');
    return this.#options.mayBeWarming && endpoints?.hasAcknowledgedAdds(endpoints.head) !== true;
  }

  changeViews(views: readonly ResourceView[]): void {
    this.#views = views;
    for (const state of this.#states.values()) state.changeViews(views);
  }

  /** Sends whatever may be sent now. To be called after every request and after every change of a view. */
  pump(): void {
    if (this.#isClosed) return;
    let wakeInMs = Number.POSITIVE_INFINITY;
    // A type that moved on without a message may have opened the gate of one before it.
    for (let again = true; again; ) {
      again = false;
      wakeInMs = Number.POSITIVE_INFINITY;
      for (const { type } of XDS_TYPES) {
        const state = this.#states.get(type);
        const progress = this.#progress.get(type);
        if (state === undefined || progress === undefined || state.isOutstanding) continue;
        const outcome = this.#sendNext(state, progress);
        if (outcome === 'movedOn') again = true;
        else if (typeof outcome === 'number') wakeInMs = Math.min(wakeInMs, this.#options.gateTimeoutMs - outcome);
      }
    }
    this.#cancelWake?.();
    this.#cancelWake = Number.isFinite(wakeInMs)
      ? this.#options.clock.after(Math.max(1, wakeInMs), () => this.pump())
      : undefined;
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelWake?.();
    for (const state of this.#states.values()) state.close();
  }

  typeStatuses(): Partial<Record<XdsType, TypeStatus>> {
    const statuses: Partial<Record<XdsType, TypeStatus>> = {};
    for (const [type, state] of this.#states) {
      const { blockedSinceMs: _, ...progress } = this.#progress.get(type) ?? {};
      const pending = state.isOutstanding || state.hasAdds || state.hasRemovals;
      statuses[type] = { ...progress, resourceCount: state.resourceCount(), pending };
    }
    return statuses;
  }

  /** A number is for how long the type has been blocked: it has something to say and may not. */
  #sendNext(state: TypeState, progress: Progress): 'idle' | 'sent' | 'movedOn' | number {
    const removesWithAdds = state.rules.removesAfter === undefined;
    const wantsToAdd = state.hasAdds || (removesWithAdds && state.hasRemovals);
    if (!wantsToAdd && (removesWithAdds || !state.hasRemovals)) {
      progress.blockedSinceMs = undefined;
      return 'idle';
    }
    const gate = wantsToAdd ? addGate(state, this.#states) : removeGate(state, this.#states);
    const blockedForMs = this.#blockedFor(gate, progress);
    if (blockedForMs !== undefined) return blockedForMs;
    progress.blockedSinceMs = undefined;
    const message = wantsToAdd ? state.takeAdds() : state.takeRemovals();
    if (message === undefined) return 'movedOn';
    this.#warm(state, message);
    progress.sentVersion = message.version;
    progress.sentAtMs = this.#options.clock.nowMs();
    const { type } = state.rules;
    this.#options.send(message.bytes);
    this.#options.emit({ kind: 'sent', proxy: this.proxy, type, version: message.version });
    return 'sent';
  }

  #blockedFor(gate: Gate, progress: Progress): number | undefined {
    if (gate === 'open') return undefined;
    const nowMs = this.#options.clock.monotonicMs();
    progress.blockedSinceMs ??= nowMs;
    // For ever: no time will come at which to wake up.
    if (gate === 'closedByRejection') return Number.NEGATIVE_INFINITY;
    const blockedForMs = nowMs - progress.blockedSinceMs;
    return blockedForMs < this.#options.gateTimeoutMs ? blockedForMs : undefined;
  }

  /** "Resource warming": a cluster that was added or changed waits for its endpoints, even for the same as before. */
  #warm(state: TypeState, message: SentMessage): void {
    if (state.rules.type !== 'CDS') return;
    const endpoints = this.#states.get('EDS');
    if (endpoints === undefined) {
      // Kept by reference: for most clients it is never looked at.
      this.#warming.push(...message.resources);
      return;
    }
    for (const { resources } of message.resources) endpoints.resend(resources.flatMap(({ warms }) => warms));
  }

  /** Endpoints that have to be sent even to a client that says it has them. */
  #waitedFor(type: XdsType, names: ReadonlySet<string>): ReadonlySet<string> {
    if (type !== 'EDS') return new Set();
    if (this.#options.mayBeWarming) return names;
    return new Set(this.#warming.flatMap(({ resources }) => resources.flatMap(({ warms }) => warms)));
  }

  #markAcked(type: XdsType, version: string): void {
    const progress = this.#progress.get(type);
    if (progress === undefined) return;
    progress.ackedVersion = version;
    progress.ackedAtMs = this.#options.clock.nowMs();
    this.#options.emit({ kind: 'acked', proxy: this.proxy, type, version });
  }

  #reportRefused(rules: XdsTypeRules, asked: Iterable<string>): void {
    if (!rules.isPrivate) return;
    const names = [...asked].filter((name) => !this.#views.some((view) => view.get(rules.type, name) !== undefined));
    if (names.length > 0) this.#options.emit({ kind: 'secretRefused', proxy: this.proxy, names });
  }
}

/**
 * One open stream of one proxy: its types, their order, and what of it the status page shows. It is handed decoded
 * requests and gives finished responses to `send`; `server.ts` puts a gRPC call around it.
 */
import type { Clock } from '@meshwise/core';
import { XDS_TYPES, type XdsType, type XdsTypeRules } from '../types.ts';
import type { ResourceView } from '../view/resource-view.ts';
import type { ResponsePart, Variant } from '../view/shared-parts.ts';
import type { Subscription, SubscriptionChange, SubscriptionInterner } from '../view/subscription.ts';
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
   * Types of which the proxy's last stream ended before everything was acknowledged that waits for them: what was sent
   * of them may be lost with that stream, although the client says it has it.
   */
  readonly mayBeAwaited: ReadonlySet<XdsType>;
  /** How long one type waits for another before it speaks anyway. */
  readonly gateTimeoutMs: number;
  /** Takes one message in pieces, which others may be sent as well. */
  readonly send: (pieces: readonly Uint8Array[]) => void;
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
  /** What was sent before the client asked for what that waits for, by the type waited for. */
  readonly #warming = new Map<XdsType, ResponsePart[]>();
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
      state.resume(known, this.#waitedFor(rules.type, [...names, ...known.keys()]));
      if (!state.hasAdds && !state.hasRemovals) this.#markAcked(rules.type, String(state.head));
    }
    this.#warming.delete(rules.type);
    this.#reportRefused(rules, names);
  }

  /** Replaces a subscription; `asked` are the names of this request, which are answered even if already known. */
  resubscribe(state: TypeState, wildcard: boolean, names: ReadonlySet<string>, asked: Iterable<string>): void {
    this.#subscribe(state, this.#options.interner.intern(wildcard, names), asked);
  }

  /** The same by a difference. */
  change(state: TypeState, change: SubscriptionChange, asked: Iterable<string>): void {
    this.#subscribe(state, this.#options.interner.change(state.subscription, change), asked);
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

  /** Types that something the client was sent may be waiting for: clusters for endpoints, routes for virtual hosts. */
  get awaited(): ReadonlySet<XdsType> {
    const awaited = XDS_TYPES.flatMap(({ type, warms }) => {
      if (warms === undefined) return [];
      if (this.#states.get(type)?.isOutstanding === true) return [warms];
      const state = this.#states.get(warms);
      return this.#options.mayBeAwaited.has(warms) && state?.hasAcknowledgedAdds(state.head) !== true ? [warms] : [];
    });
    return new Set(awaited);
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
    this.#options.send(message.pieces);
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

  /** "Resource warming": what was added or changed waits for what it needs, even for the same as before. */
  #warm(state: TypeState, message: SentMessage): void {
    const { warms } = state.rules;
    if (warms === undefined) return;
    const waiting = this.#states.get(warms);
    // Kept by reference: for most clients it is never looked at.
    if (waiting === undefined) this.#warming.set(warms, [...(this.#warming.get(warms) ?? []), ...message.parts]);
    else for (const { resources } of message.parts) waiting.resend(resources.flatMap((resource) => resource.warms));
  }

  /** What has to be sent even to a client that says it has it. */
  #waitedFor(type: XdsType, all: readonly string[]): ReadonlySet<string> {
    if (this.#options.mayBeAwaited.has(type)) return new Set(all);
    const sent = this.#warming.get(type) ?? [];
    return new Set(sent.flatMap(({ resources }) => resources.flatMap(({ warms }) => warms)));
  }

  #subscribe(state: TypeState, subscription: Subscription, asked: Iterable<string>): void {
    const resend = [...asked];
    state.resubscribe(subscription, resend);
    this.#reportRefused(state.rules, resend);
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

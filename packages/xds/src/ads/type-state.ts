/**
 * One client's subscription to one resource type: what it has asked for, what it has been sent, what it has accepted.
 * Pure: it makes messages and reads answers, and knows neither sockets nor other types. `gates.ts` decides when it may
 * speak, `stream-session.ts` does the speaking.
 *
 * At most one response is outstanding, so a client that does not read holds up a bounded number of messages and a
 * rejection always concerns a known set of resources.
 *
 * In the state-of-the-world variant listeners and clusters cannot be sent in part: after a rejection the next full
 * response contains the bad one again. All else of rejections is in `rejections.ts`.
 *
 * Source: "ACK/NACK and resource type instance version", "Incremental xDS", "Deleting Resources".
 */

import type { XdsTypeRules } from '../types.ts';
import type { EncodedResource } from '../view/encoded-resource.ts';
import type { ResourceView } from '../view/resource-view.ts';
import { type ResponseHead, responseOf, type Variant } from '../view/shared-parts.ts';
import { type Subscription, wants } from '../view/subscription.ts';
import { Rejections } from './rejections.ts';
import { type Gathered, ViewStack } from './view-stack.ts';

interface Outstanding {
  readonly nonce: string;
  readonly version: string;
  readonly parts: Gathered['parts'];
  readonly removed: readonly string[];
  /** Before this response the additions of each view had been sent through these steps. */
  readonly addsBefore: readonly number[];
  /** It holds resources for another reason than that they changed. */
  readonly hasRefresh: boolean;
}

export interface SentMessage {
  readonly bytes: Buffer;
  readonly version: string;
  readonly resources: Gathered['parts'];
}

export interface Rejection {
  readonly nonce: string;
  readonly version: string;
  readonly resources: readonly string[];
}

export class TypeState {
  readonly rules: XdsTypeRules;
  readonly variant: Variant;
  #views: ViewStack;
  #subscription: Subscription;
  /** To be sent, or reported missing, although nothing changed: newly asked for, or to warm a cluster. */
  #refresh = new Set<string>();
  /** The client has them, the views no longer do and have no tombstone for them (another process, other views). */
  #stale = new Map<string, EncodedResource | undefined>();
  /** The first request must be answered even when there is nothing, or the client waits for its fetch timeout. */
  #owesAnswer = false;
  readonly #rejections = new Rejections();
  #outstanding: Outstanding | undefined;
  #lastNonce = '';
  #repeats = 0;

  constructor(rules: XdsTypeRules, variant: Variant, views: readonly ResourceView[], subscription: Subscription) {
    this.rules = rules;
    this.variant = variant;
    this.#views = new ViewStack(rules.type, views);
    this.#subscription = subscription;
    this.#owesAnswer = subscription.wildcard || subscription.names.size > 0;
    if (!this.#isFull) this.#refresh = new Set([...subscription.names].filter((name) => !this.#views.lookup(name)));
  }

  close(): void {
    this.#views.close();
  }

  get subscription(): Subscription {
    return this.#subscription;
  }

  get lastNonce(): string {
    return this.#lastNonce;
  }

  get isOutstanding(): boolean {
    return this.#outstanding !== undefined;
  }

  /** Something the client rejected is still what the views hold, or is being looked for. */
  get hasRejected(): boolean {
    return this.#rejections.isOpen;
  }

  get hasAdds(): boolean {
    return (
      this.#owesAnswer ||
      this.#refresh.size > 0 ||
      this.#rejections.hasRetries ||
      this.#views.hasAdds(this.#subscription, Number.POSITIVE_INFINITY)
    );
  }

  /** The client came with things that are no longer there, and may use them until it has the rest of the news. */
  get hasStale(): boolean {
    return this.#staleNames().length > 0;
  }

  get hasRemovals(): boolean {
    if (this.variant === 'sotw' && !this.#isFull) {
      // Only listeners and clusters have a state of the world; of other types absence says nothing.
      this.#takeRemovals();
      return false;
    }
    return this.#staleNames().length > 0 || this.#views.removals(this.#subscription).size > 0;
  }

  /** The step of the last change in its views. */
  get head(): number {
    return this.#views.head;
  }

  /** Names of what the proxy's views hold of this type, wanted or not. */
  visibleNames(): string[] {
    return [...this.#views.names({ id: -1, wildcard: true, names: new Set() })];
  }

  resourceCount(): number {
    let count = 0;
    for (const _ of this.#views.names(this.#subscription)) count += 1;
    return count;
  }

  /** The client has acknowledged every addition and change it wants through `step`. */
  hasAcknowledgedAdds(step: number): boolean {
    if (this.#owesAnswer || this.#refresh.size > 0 || this.#rejections.hasRetries) return false;
    const outstanding = this.#outstanding;
    if (outstanding?.hasRefresh === true) return false;
    if (outstanding && this.#views.isTouched(this.#subscription, outstanding.addsBefore, step)) return false;
    return !this.#views.hasAdds(this.#subscription, step);
  }

  hasAcknowledgedRemovals(): boolean {
    return !this.hasRemovals && (this.#outstanding?.removed.length ?? 0) === 0;
  }

  /**
   * The client says what it has from an earlier stream ("initial_resource_versions"): only differences are sent.
   * `mustResend` names what it waits for in any case, be it the answer that there is no such thing.
   */
  resume(known: ReadonlyMap<string, string>, mustResend: ReadonlySet<string>): void {
    this.#views.markAddsSent();
    this.#views.markRemovalsSent();
    this.#owesAnswer = false;
    for (const name of this.#views.names(this.#subscription)) {
      if (known.get(name) !== this.#views.lookup(name)?.version || mustResend.has(name)) this.#refresh.add(name);
    }
    for (const name of known.keys()) {
      if (!wants(this.#subscription, name) || this.#views.lookup(name) !== undefined) continue;
      if (mustResend.has(name)) {
        this.#refresh.add(name);
        continue;
      }
      this.#stale.set(name, undefined);
      // Its removal takes its turn, unlike the answer "there is no such thing" to somebody who never had it.
      this.#refresh.delete(name);
    }
  }

  /** Changes what the client wants. `resend` is answered even when the client has it: it asked again. */
  resubscribe(subscription: Subscription, resend: Iterable<string>): void {
    this.#subscription = subscription;
    for (const name of resend) this.#refresh.add(name);
    for (const name of this.#refresh) if (!wants(subscription, name)) this.#refresh.delete(name);
    for (const name of this.#stale.keys()) if (!wants(subscription, name)) this.#stale.delete(name);
    // A response under way may give the client something that it did not want for a moment, and that is gone since.
    for (const resource of this.#outstanding === undefined ? [] : resourcesOf(this.#outstanding)) {
      const { name } = resource;
      if (wants(subscription, name) && this.#views.lookup(name) === undefined) this.#stale.set(name, resource);
    }
    this.#settleRejections([]);
  }

  /** Sends what the client waits for even though it is unchanged; see `EncodedResource.warms`. */
  resend(names: Iterable<string>): void {
    for (const name of names) {
      if (wants(this.#subscription, name) && this.#views.lookup(name) !== undefined) this.#refresh.add(name);
    }
  }

  /** The proxy now has other views. The client is brought from the old ones to the new by differences. */
  changeViews(views: readonly ResourceView[]): void {
    const before = this.#views;
    const after = new ViewStack(this.rules.type, views);
    const hadNothing = before.sentThrough.every((step) => step === 0);
    this.#views = after;
    if (!hadNothing) {
      after.markAddsSent();
      after.markRemovalsSent();
      const uncovered = new Set(before.uncovered(this.#subscription));
      for (const name of after.names(this.#subscription)) {
        const isSame = before.lookup(name)?.version === after.lookup(name)?.version;
        if (!isSame || before.isUnsent(name) || uncovered.has(name)) this.#refresh.add(name);
      }
      const held = new Map(before.removals(this.#subscription));
      for (const name of before.names(this.#subscription)) {
        const resource = before.lookup(name);
        if (resource !== undefined) held.set(name, resource);
      }
      for (const [name, resource] of held) this.#stale.set(name, resource);
    }
    if (this.#outstanding !== undefined) this.#outstanding = { ...this.#outstanding, addsBefore: [], hasRefresh: true };
    before.close();
  }

  /** The response with everything that may be added or changed now, if there is anything. */
  takeAdds(): SentMessage | undefined {
    const addsBefore = this.#views.sentThrough;
    const retry = this.#takeRetry();
    if (retry !== undefined) return this.#send(retry, [], addsBefore, true);
    for (const name of this.#views.uncovered(this.#subscription)) this.#refresh.add(name);
    const hasRefresh = this.#refresh.size > 0;
    const isOwed = this.#owesAnswer;
    const takesRemovals = this.rules.removesAfter === undefined;
    const removed = new Set(takesRemovals ? this.#takeRemovals() : []);
    let gathered = this.#isFull
      ? this.#withStale(this.#views.everything(this.#subscription, !takesRemovals))
      : this.#withoutRejected(this.#views.adds(this.#subscription));
    if (hasRefresh && !this.#isFull) {
      const { found, missing } = this.#resolveRefresh();
      for (const name of missing) removed.add(name);
      if (found.length > 0) gathered = { parts: [...gathered.parts, { resources: found }], shared: undefined };
    }
    this.#refresh.clear();
    this.#owesAnswer = false;
    this.#views.markAddsSent();
    const isEmpty = gathered.parts.length === 0 && (removed.size === 0 || this.variant === 'sotw');
    if (isEmpty && !isOwed && !this.#isFull) return undefined;
    return this.#send(gathered, [...removed], addsBefore, hasRefresh);
  }

  /** The response that takes away what may go now, if there is anything. */
  takeRemovals(): SentMessage | undefined {
    const removed = this.#takeRemovals();
    if (removed.length === 0) return undefined;
    const gathered: Gathered = this.#isFull
      ? this.#views.everything(this.#subscription, false)
      : { parts: [], shared: undefined };
    return this.#send(gathered, removed, this.#views.sentThrough, false);
  }

  /** Returns the acknowledged version, or undefined when the nonce is not that of the outstanding response. */
  acknowledge(nonce: string): string | undefined {
    const outstanding = this.#outstanding;
    if (outstanding === undefined || outstanding.nonce !== nonce) return undefined;
    this.#outstanding = undefined;
    this.#settleRejections(resourcesOf(outstanding));
    return outstanding.version;
  }

  reject(nonce: string, message: string): Rejection | undefined {
    const outstanding = this.#outstanding;
    if (outstanding === undefined || outstanding.nonce !== nonce) return undefined;
    this.#outstanding = undefined;
    const resources = this.#rejections.reject(message, resourcesOf(outstanding), !this.#isFull);
    return { nonce, version: outstanding.version, resources };
  }

  /** Every response holds all there is. */
  get #isFull(): boolean {
    return this.variant === 'sotw' && this.rules.wildcardByDefault;
  }

  #send(
    gathered: Gathered,
    removed: readonly string[],
    addsBefore: readonly number[],
    hasRefresh: boolean,
  ): SentMessage {
    const version = String(this.#views.head);
    const nonce = this.#nextNonce(version);
    const head: ResponseHead = { variant: this.variant, typeUrl: this.rules.typeUrl, version, nonce };
    const isShared = gathered.shared !== undefined && (removed.length === 0 || this.variant === 'sotw');
    const bytes = isShared ? gathered.shared?.message(head) : undefined;
    this.#outstanding = { nonce, version, parts: gathered.parts, removed, addsBefore, hasRefresh };
    return { bytes: bytes ?? responseOf(head, gathered.parts, removed), version, resources: gathered.parts };
  }

  /** Derived from the version, so that the whole response can be shared; told apart when one version needs two. */
  #nextNonce(version: string): string {
    const isRepeat = this.#lastNonce.split('.')[0] === version;
    this.#repeats = isRepeat ? this.#repeats + 1 : 0;
    this.#lastNonce = isRepeat ? `${version}.${this.#repeats}` : version;
    return this.#lastNonce;
  }

  #takeRetry(): Gathered | undefined {
    for (let names = this.#rejections.takeRetry(); names !== undefined; names = this.#rejections.takeRetry()) {
      const resources: EncodedResource[] = [];
      for (const name of names) {
        const resource = wants(this.#subscription, name) ? this.#views.lookup(name) : undefined;
        // What changed meanwhile is sent with the other changes.
        if (resource !== undefined && !this.#views.isUnsent(name)) resources.push(resource);
      }
      if (resources.length > 0) return { parts: [{ resources }], shared: undefined };
    }
    return undefined;
  }

  #takeRemovals(): string[] {
    const names = new Set([...this.#views.removals(this.#subscription).keys(), ...this.#staleNames()]);
    this.#views.markRemovalsSent();
    this.#stale.clear();
    return [...names];
  }

  #staleNames(): string[] {
    return [...this.#stale.keys()].filter((name) => this.#views.lookup(name) === undefined);
  }

  #settleRejections(accepted: readonly EncodedResource[]): void {
    const isCurrent = (name: string, version: string) =>
      wants(this.#subscription, name) && this.#views.lookup(name)?.version === version;
    this.#rejections.settle(accepted, isCurrent);
  }

  #resolveRefresh(): { found: EncodedResource[]; missing: string[] } {
    const found: EncodedResource[] = [];
    const missing: string[] = [];
    for (const name of this.#refresh) {
      const resource = this.#views.lookup(name);
      if (resource === undefined) missing.push(name);
      else if (!this.#views.isUnsent(name) && !this.#rejections.isRejected(resource)) found.push(resource);
    }
    return { found, missing };
  }

  #withoutRejected(gathered: Gathered): Gathered {
    if (!this.#rejections.isOpen) return gathered;
    const parts = gathered.parts.map(({ resources }) => ({ resources: this.#rejections.accepted(resources) }));
    return { parts: parts.filter(({ resources }) => resources.length > 0), shared: undefined };
  }

  #withStale(gathered: Gathered): Gathered {
    const stale = this.#staleNames();
    if (stale.length === 0) return gathered;
    const listed = new Set(gathered.parts.flatMap(({ resources }) => resources.map(({ name }) => name)));
    const kept = stale.filter((name) => !listed.has(name)).flatMap((name) => this.#stale.get(name) ?? []);
    if (kept.length === 0) return gathered;
    return { parts: [...gathered.parts, { resources: kept }], shared: undefined };
  }
}

function resourcesOf(outstanding: Outstanding): EncodedResource[] {
  return outstanding.parts.flatMap(({ resources }) => resources);
}

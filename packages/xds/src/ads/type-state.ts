/**
 * One client's subscription to one resource type: what it has asked for, what it has been sent, what it has accepted.
 * Pure: it makes messages and reads answers, and knows neither sockets nor other types. `gates.ts` decides when it may
 * speak, `stream-session.ts` does the speaking. What a response brings comes from `view-stack.ts` (changes), `owed.ts`
 * (all else the client must hear) and `rejections.ts`; which one is outstanding is in `responses.ts`.
 *
 * In the state-of-the-world variant listeners and clusters cannot be sent in part: after a rejection the next full
 * response contains the bad one again. All else of rejections is in `rejections.ts`.
 *
 * Source: "ACK/NACK and resource type instance version", "Incremental xDS", "Deleting Resources".
 */

import type { XdsTypeRules } from '../types.ts';
import type { EncodedResource } from '../view/encoded-resource.ts';
import type { ResourceView } from '../view/resource-view.ts';
import { ResponsePart, type Variant } from '../view/shared-parts.ts';
import { type Subscription, wants } from '../view/subscription.ts';
import { isWaitedFor } from '../view/virtual-host-names.ts';
import { Owed } from './owed.ts';
import { Rejections } from './rejections.ts';
import { type ResponseContent, Responses, resourcesOf, type SentMessage } from './responses.ts';
import { ViewStack } from './view-stack.ts';

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
  readonly #owed: Owed;
  readonly #rejections = new Rejections();
  readonly #responses: Responses;

  constructor(rules: XdsTypeRules, variant: Variant, views: readonly ResourceView[], subscription: Subscription) {
    this.rules = rules;
    this.variant = variant;
    this.#views = new ViewStack(rules.type, variant, views);
    this.#subscription = subscription;
    this.#owed = new Owed(subscription);
    this.#responses = new Responses(variant, rules.typeUrl);
    if (!this.#isFull) this.#owed.refresh(this.#views.missing(subscription));
  }

  close(): void {
    this.#views.close();
  }

  get subscription(): Subscription {
    return this.#subscription;
  }

  get lastNonce(): string {
    return this.#responses.lastNonce;
  }

  get isOutstanding(): boolean {
    return this.#responses.outstanding !== undefined;
  }

  /** Something the client rejected is still what the views hold, or is being looked for. */
  get hasRejected(): boolean {
    return this.#rejections.isOpen;
  }

  get hasAdds(): boolean {
    return (
      this.#owed.hasAdds ||
      this.#rejections.hasRetries ||
      this.#views.hasAdds(this.#subscription, Number.POSITIVE_INFINITY)
    );
  }

  /** The client came with things that are no longer there, and may use them until it has the rest of the news. */
  get hasStale(): boolean {
    return this.#owed.staleNames(this.#views).length > 0;
  }

  /** Something the client has of this type needs something of the type that `rules.warms` names. */
  get isWaiting(): boolean {
    for (const name of this.#views.names(this.#subscription)) {
      if ((this.#views.lookup(name)?.warms.length ?? 0) > 0) return true;
    }
    return false;
  }

  get hasRemovals(): boolean {
    if (this.variant === 'sotw' && !this.#isFull) {
      // Only listeners and clusters have a state of the world; of other types absence says nothing.
      this.#takeRemovals();
      return false;
    }
    return this.#owed.staleNames(this.#views).length > 0 || this.#views.removals(this.#subscription).size > 0;
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
    if (this.#owed.hasAdds || this.#rejections.hasRetries) return false;
    const { outstanding } = this.#responses;
    if (outstanding?.hasRefresh === true) return false;
    if (outstanding && this.#views.isTouched(this.#subscription, outstanding.addsBefore, step)) return false;
    return !this.#views.hasAdds(this.#subscription, step);
  }

  hasAcknowledgedRemovals(): boolean {
    return !this.hasRemovals && (this.#responses.outstanding?.removed.length ?? 0) === 0;
  }

  /**
   * The client says what it has from an earlier stream ("initial_resource_versions"): only differences are sent.
   * `waitedFor` names what it waits for in any case, be it the answer that there is no such thing.
   */
  resume(known: ReadonlyMap<string, string>, waitedFor: ReadonlySet<string>): void {
    this.#views.markAddsSent();
    this.#views.markRemovalsSent();
    this.#owed.resume(this.#views, this.#subscription, known, waitedFor);
  }

  /** Changes what the client wants. `resend` is answered even when the client has it: it asked again. */
  resubscribe(subscription: Subscription, resend: Iterable<string>): void {
    this.#subscription = subscription;
    this.#owed.refresh(resend);
    this.#owed.keepWanted(subscription);
    // A response under way may give the client something that it did not want for a moment, and that is gone since.
    for (const resource of resourcesOf(this.#responses.outstanding)) {
      const { name } = resource;
      if (wants(subscription, name) && this.#views.lookup(name) === undefined) this.#owed.addStale(resource);
    }
    this.#settleRejections([]);
  }

  /** Sends what the client waits for even though it is unchanged; see `EncodedResource.warms`. */
  resend(waitedFor: readonly string[]): void {
    const isThere = (name: string) => wants(this.#subscription, name) && this.#views.lookup(name) !== undefined;
    this.#owed.refresh(waitedFor.filter(isThere));
    const groups = new Set(waitedFor.filter((name) => name.endsWith('/')));
    if (groups.size === 0) return;
    for (const name of this.#views.names(this.#subscription)) {
      if (isWaitedFor(name, groups)) this.#owed.refresh([name]);
    }
  }

  /** The proxy now has other views. The client is brought from the old ones to the new by differences. */
  changeViews(views: readonly ResourceView[]): void {
    const before = this.#views;
    const after = new ViewStack(this.rules.type, this.variant, views);
    const hadNothing = before.sentThrough.every((step) => step === 0);
    this.#views = after;
    if (!hadNothing) {
      after.markAddsSent();
      after.markRemovalsSent();
      this.#owed.changeViews(before, after, this.#subscription);
    }
    this.#responses.forgetSteps();
    before.close();
  }

  /** The response with everything that may be added or changed now, if there is anything. */
  takeAdds(): SentMessage | undefined {
    const addsBefore = this.#views.sentThrough;
    const retry = this.#takeRetry();
    if (retry !== undefined) return this.#send({ parts: retry, removed: [], addsBefore, hasRefresh: true });
    this.#owed.refresh(this.#views.uncovered(this.#subscription));
    const { hasRefresh, hasAnswer } = this.#owed;
    const takesRemovals = this.rules.removesAfter === undefined;
    const removed = new Set(takesRemovals ? this.#takeRemovals() : []);
    let parts = this.#isFull
      ? this.#owed.withStale(this.#views.everything(this.#subscription, !takesRemovals), this.#views)
      : this.#rejections.withoutBad(this.#views.adds(this.#subscription));
    if (hasRefresh && !this.#isFull) {
      const { found, missing } = this.#owed.resolveRefresh(this.#views, this.#rejections);
      for (const name of missing) removed.add(name);
      if (found.length > 0) parts = [...parts, new ResponsePart(found)];
    }
    this.#owed.clearAdds();
    this.#views.markAddsSent();
    const isEmpty = parts.length === 0 && (removed.size === 0 || this.variant === 'sotw');
    if (isEmpty && !hasAnswer && !this.#isFull) return undefined;
    return this.#send({ parts, removed: [...removed], addsBefore, hasRefresh });
  }

  /** The response that takes away what may go now, if there is anything. */
  takeRemovals(): SentMessage | undefined {
    const removed = this.#takeRemovals();
    if (removed.length === 0) return undefined;
    const parts = this.#isFull ? this.#views.everything(this.#subscription, false) : [];
    return this.#send({ parts, removed, addsBefore: this.#views.sentThrough, hasRefresh: false });
  }

  /** Returns the acknowledged version, or undefined when the nonce is not that of the outstanding response. */
  acknowledge(nonce: string): string | undefined {
    const answered = this.#responses.takeAnswered(nonce);
    if (answered === undefined) return undefined;
    this.#settleRejections(resourcesOf(answered));
    return answered.version;
  }

  reject(nonce: string, message: string): Rejection | undefined {
    const answered = this.#responses.takeAnswered(nonce);
    if (answered === undefined) return undefined;
    const resources = this.#rejections.reject(message, resourcesOf(answered), !this.#isFull);
    return { nonce, version: answered.version, resources };
  }

  /** Every response holds all there is. */
  get #isFull(): boolean {
    return this.variant === 'sotw' && this.rules.wildcardByDefault;
  }

  #send(content: ResponseContent): SentMessage {
    return this.#responses.next(String(this.#views.head), content);
  }

  #takeRetry(): ResponsePart[] | undefined {
    for (let names = this.#rejections.takeRetry(); names !== undefined; names = this.#rejections.takeRetry()) {
      const resources: EncodedResource[] = [];
      for (const name of names) {
        const resource = wants(this.#subscription, name) ? this.#views.lookup(name) : undefined;
        // What changed meanwhile is sent with the other changes.
        if (resource !== undefined && !this.#views.isUnsent(name)) resources.push(resource);
      }
      if (resources.length > 0) return [new ResponsePart(resources)];
    }
    return undefined;
  }

  #takeRemovals(): string[] {
    const names = new Set([...this.#views.removals(this.#subscription).keys(), ...this.#owed.takeStale(this.#views)]);
    this.#views.markRemovalsSent();
    return [...names];
  }

  #settleRejections(accepted: readonly EncodedResource[]): void {
    const isCurrent = (name: string, version: string) =>
      wants(this.#subscription, name) && this.#views.lookup(name)?.version === version;
    this.#rejections.settle(accepted, isCurrent);
  }
}

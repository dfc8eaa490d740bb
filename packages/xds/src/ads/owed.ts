/**
 * What one client is owed of one type although no change of its views brings it: answers to what it asks for, and the
 * differences to what it has from an earlier stream or from the views it had before.
 *
 * Source: "Incremental xDS" on `initial_resource_versions`, "Deleting Resources".
 */
import type { EncodedResource } from '../view/encoded-resource.ts';
import { ResponsePart } from '../view/shared-parts.ts';
import { type Subscription, wants } from '../view/subscription.ts';
import { isWaitedFor } from '../view/virtual-host-names.ts';
import type { Rejections } from './rejections.ts';
import type { ViewStack } from './view-stack.ts';

export class Owed {
  /** To be sent, or reported missing, although nothing changed: newly asked for, or to warm a cluster. */
  readonly #refresh = new Set<string>();
  /** The client has them, the views no longer do and have no tombstone for them (another process, other views). */
  readonly #stale = new Map<string, EncodedResource | undefined>();
  /** The first request must be answered even when there is nothing, or the client waits for its fetch timeout. */
  #answer: boolean;

  constructor(subscription: Subscription) {
    this.#answer = subscription.wildcard || subscription.names.size > 0;
  }

  get hasAnswer(): boolean {
    return this.#answer;
  }

  get hasRefresh(): boolean {
    return this.#refresh.size > 0;
  }

  get hasAdds(): boolean {
    return this.#answer || this.hasRefresh;
  }

  refresh(names: Iterable<string>): void {
    for (const name of names) this.#refresh.add(name);
  }

  /** The client has it, or will have it, and nothing but this will tell it that it is gone. */
  addStale(resource: EncodedResource): void {
    this.#stale.set(resource.name, resource);
  }

  /** The client has what it names; see `TypeState.resume`. */
  resume(
    views: ViewStack,
    subscription: Subscription,
    known: ReadonlyMap<string, string>,
    waitedFor: ReadonlySet<string>,
  ): void {
    this.#answer = false;
    for (const name of views.names(subscription)) {
      if (known.get(name) !== views.lookup(name)?.version || isWaitedFor(name, waitedFor)) this.#refresh.add(name);
    }
    for (const name of known.keys()) {
      if (!wants(subscription, name) || views.lookup(name) !== undefined) continue;
      if (isWaitedFor(name, waitedFor)) {
        this.#refresh.add(name);
        continue;
      }
      this.#stale.set(name, undefined);
      // Its removal takes its turn, unlike the answer "there is no such thing" to somebody who never had it.
      this.#refresh.delete(name);
    }
  }

  /** Notes what differs between the views a client had and those it has. */
  changeViews(before: ViewStack, after: ViewStack, subscription: Subscription): void {
    const uncovered = new Set(before.uncovered(subscription));
    for (const name of after.names(subscription)) {
      const isSame = before.lookup(name)?.version === after.lookup(name)?.version;
      if (!isSame || before.isUnsent(name) || uncovered.has(name)) this.#refresh.add(name);
    }
    const held = new Map(before.removals(subscription));
    for (const name of before.names(subscription)) {
      const resource = before.lookup(name);
      if (resource !== undefined) held.set(name, resource);
    }
    for (const [name, resource] of held) this.#stale.set(name, resource);
  }

  keepWanted(subscription: Subscription): void {
    for (const name of this.#refresh) if (!wants(subscription, name)) this.#refresh.delete(name);
    for (const name of this.#stale.keys()) if (!wants(subscription, name)) this.#stale.delete(name);
  }

  staleNames(views: ViewStack): string[] {
    if (this.#stale.size === 0) return [];
    return [...this.#stale.keys()].filter((name) => views.lookup(name) === undefined);
  }

  takeStale(views: ViewStack): string[] {
    const names = this.staleNames(views);
    this.#stale.clear();
    return names;
  }

  /** Adds what the client may keep for now, so that its absence is not read as its end. */
  withStale(parts: readonly ResponsePart[], views: ViewStack): readonly ResponsePart[] {
    const stale = this.staleNames(views);
    if (stale.length === 0) return parts;
    const listed = new Set(parts.flatMap(({ resources }) => resources.map(({ name }) => name)));
    const kept = stale.filter((name) => !listed.has(name)).flatMap((name) => this.#stale.get(name) ?? []);
    return kept.length === 0 ? parts : [...parts, new ResponsePart(kept)];
  }

  /** What of the names to be refreshed is to be sent besides the changes, and what is not there. */
  resolveRefresh(views: ViewStack, rejections: Rejections): { found: EncodedResource[]; missing: string[] } {
    const found: EncodedResource[] = [];
    const missing: string[] = [];
    for (const name of this.#refresh) {
      const resource = views.lookup(name);
      if (resource === undefined) missing.push(name);
      else if (!views.isUnsent(name) && !rejections.isRejected(resource)) found.push(resource);
    }
    return { found, missing };
  }

  /** All additions are sent now. */
  clearAdds(): void {
    this.#refresh.clear();
    this.#answer = false;
  }
}

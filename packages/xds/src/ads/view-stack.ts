/**
 * The views of one proxy, seen through one type, and how far one client has been told of each of them.
 *
 * Most proxies have a shared view and one of their own. Where both have a name, the earlier view in the list wins, so
 * each answer here is about what the proxy sees, not about what some view holds.
 */

import type { XdsType } from '../types.ts';
import type { EncodedResource } from '../view/encoded-resource.ts';
import type { ResourceView } from '../view/resource-view.ts';
import { ResponsePart, type SharedParts, type Variant } from '../view/shared-parts.ts';
import { type Subscription, wants } from '../view/subscription.ts';

interface Position {
  readonly parts: SharedParts;
  /** Additions and changes through this step have been sent. 0: the client has nothing of this view. */
  sentThrough: number;
  removedThrough: number;
}

export class ViewStack {
  readonly #positions: readonly Position[];

  constructor(type: XdsType, variant: Variant, views: readonly ResourceView[]) {
    this.#positions = views.map((view) => {
      const parts = view.parts(type, variant);
      const position: Position = { parts, sentThrough: 0, removedThrough: parts.log.head };
      parts.log.addReader(position);
      return position;
    });
  }

  close(): void {
    for (const position of this.#positions) position.parts.log.removeReader(position);
  }

  /** The step of the last change in any view; it is the version of what a client has when it has everything. */
  get head(): number {
    return this.#positions.reduce((head, { parts }) => Math.max(head, parts.log.head), 0);
  }

  get sentThrough(): readonly number[] {
    return this.#positions.map((position) => position.sentThrough);
  }

  /** What the proxy sees under that name. */
  lookup(name: string): EncodedResource | undefined {
    for (const { parts } of this.#positions) {
      const entry = parts.log.live.get(name);
      if (entry !== undefined) return entry.resource;
    }
    return undefined;
  }

  /** Names of everything the proxy sees and wants. */
  *names(subscription: Subscription): Generator<string> {
    const wanted = subscription.wildcard ? this.#liveNames() : subscription.names;
    for (const name of wanted) if (subscription.wildcard || this.lookup(name) !== undefined) yield name;
  }

  /** Names that are asked for and not there. */
  missing(subscription: Subscription): string[] {
    if (!subscription.wildcard && !this.#hasNameTwice()) {
      // What is there is put together once for all who ask for the same; usually it is all of it.
      const parts = this.#partsOf(({ parts: shared }) => shared.changes(0, subscription));
      const found = parts.reduce((sum, { resources }) => sum + resources.length, 0);
      if (found === subscription.names.size) return [];
    }
    return [...subscription.names].filter((name) => this.lookup(name) === undefined);
  }

  /** Whether additions or changes up to a step are still to be sent. */
  hasAdds(subscription: Subscription, through: number): boolean {
    if (this.#isCurrent) return false;
    if (this.uncovered(subscription).length > 0) return true;
    return this.#positions.some((position) => {
      const { parts, sentThrough } = position;
      const { head } = parts.log;
      if (sentThrough >= Math.min(head, through)) return false;
      if (through < head) {
        for (const name of parts.log.touched(sentThrough, through)) if (wants(subscription, name)) return true;
        return false;
      }
      if (parts.changes(sentThrough, subscription).resources.length > 0) return true;
      // Nothing for this client: move on, so that clients with the same subscription stay at the same position.
      if (sentThrough > 0 && this.#positions.length === 1) position.sentThrough = head;
      return false;
    });
  }

  /** Whether anything wanted was added or changed after the steps of an earlier `sentThrough` and up to `through`. */
  isTouched(subscription: Subscription, after: readonly number[], through: number): boolean {
    return this.#positions.some(({ parts }, index) => {
      for (const name of parts.log.touched(after[index] ?? 0, through)) if (wants(subscription, name)) return true;
      return false;
    });
  }

  /** Whether the change that made `name` what it is has not been sent yet. */
  isUnsent(name: string): boolean {
    for (const { parts, sentThrough } of this.#positions) {
      const entry = parts.log.live.get(name);
      if (entry !== undefined) return entry.step > sentThrough;
    }
    return false;
  }

  /** Everything added or changed that has not been sent. */
  adds(subscription: Subscription): ResponsePart[] {
    const parts = this.#partsOf(({ parts: shared, sentThrough }) => shared.changes(sentThrough, subscription));
    return this.#hasNameTwice() ? this.#withoutCovered(parts) : parts;
  }

  /** All there is; with `keepRemoved`, also what the client still has to be told the removal of. */
  everything(subscription: Subscription, keepRemoved: boolean): ResponsePart[] {
    const parts = this.#partsOf(({ parts, sentThrough, removedThrough }) =>
      parts.everything(keepRemoved && sentThrough > 0 ? removedThrough : parts.log.head, subscription),
    );
    return this.#positions.length === 1 ? parts : this.#withoutCovered(parts);
  }

  /** Names that fell out of a view since it was last sent, but that another view of the list has. */
  uncovered(subscription: Subscription): string[] {
    if (this.#positions.length < 2 || this.#isCurrent) return [];
    return this.#positions.flatMap(({ parts, sentThrough }) =>
      sentThrough === 0 || sentThrough >= parts.log.head
        ? []
        : [...parts.log.removed(sentThrough)]
            .map(({ resource }) => resource.name)
            .filter((name) => wants(subscription, name) && this.lookup(name) !== undefined),
    );
  }

  /** Names the client may have and must be told are gone. */
  removals(subscription: Subscription): Map<string, EncodedResource> {
    const gone = new Map<string, EncodedResource>();
    for (const position of this.#positions) {
      const { log } = position.parts;
      if (position.sentThrough === 0 || position.removedThrough >= log.head) continue;
      let found = false;
      for (const { resource } of log.removed(position.removedThrough)) {
        if (!wants(subscription, resource.name) || this.lookup(resource.name) !== undefined) continue;
        gone.set(resource.name, resource);
        found = true;
      }
      if (!found) position.removedThrough = log.head;
    }
    return gone;
  }

  markAddsSent(): void {
    for (const position of this.#positions) {
      // Who has nothing yet has nothing to be removed.
      if (position.sentThrough === 0) position.removedThrough = position.parts.log.head;
      position.sentThrough = position.parts.log.head;
    }
  }

  markRemovalsSent(): void {
    for (const position of this.#positions) position.removedThrough = position.parts.log.head;
  }

  *#liveNames(): Generator<string> {
    for (const [index, { parts }] of this.#positions.entries()) {
      for (const name of parts.log.live.keys()) if (!this.#isCovered(index, name)) yield name;
    }
  }

  /** Nothing has changed since the last response: so it is for all types but one, whenever something changes. */
  get #isCurrent(): boolean {
    for (const { parts, sentThrough } of this.#positions) if (sentThrough < parts.log.head) return false;
    return true;
  }

  #partsOf(partOf: (position: Position) => ResponsePart): ResponsePart[] {
    return this.#positions.map(partOf).filter(({ resources }) => resources.length > 0);
  }

  /** Looks at the names of all views but the largest: it is asked for every client, and its own view is small. */
  #hasNameTwice(): boolean {
    const lives = this.#positions.map(({ parts }) => parts.log.live).sort((a, b) => a.size - b.size);
    return lives.slice(0, -1).some((live, index) => {
      const larger = lives.slice(index + 1);
      for (const name of live.keys()) if (larger.some((other) => other.has(name))) return true;
      return false;
    });
  }

  /** A name may be in two views, or gone from one and present in another; it must not be in a response twice. */
  #withoutCovered(parts: readonly ResponsePart[]): ResponsePart[] {
    const seen = new Set<string>();
    const left = parts.map((part) => {
      const resources = part.resources.filter((resource) => {
        const visible = this.lookup(resource.name);
        if (visible === undefined) {
          if (seen.has(resource.name)) return false;
          seen.add(resource.name);
          return true;
        }
        return visible === resource;
      });
      return resources.length === part.resources.length ? part : new ResponsePart(resources);
    });
    return left.filter(({ resources }) => resources.length > 0);
  }

  #isCovered(index: number, name: string): boolean {
    for (let earlier = 0; earlier < index; earlier += 1) {
      if (this.#positions[earlier]?.parts.log.live.has(name) === true) return true;
    }
    return false;
  }
}

/**
 * What a client has asked for, interned: the 2,000 sidecars that want the same 1,000 endpoints share one set of names,
 * and the identity of that set is the key under which their responses are shared.
 *
 * Names come from clients, so a hash alone must not decide that two sets are equal: it only finds candidates.
 */
export interface Subscription {
  /** Differs between any two different subscriptions of the process: views cache by it, whoever serves them. */
  readonly id: number;
  readonly wildcard: boolean;
  readonly names: ReadonlySet<string>;
}

export interface SubscriptionChange {
  /** Afterwards. */
  readonly wildcard: boolean;
  readonly added: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
}

/** Larger changes are rare and not worth a key. */
const MAX_KEYED_NAMES = 16;
const MAX_KEPT_CHANGES = 64;

/** Whether a resource of that name is wanted. */
export function wants(subscription: Subscription, name: string): boolean {
  return subscription.wildcard || subscription.names.has(name);
}

let lastId = 0;

export class SubscriptionInterner {
  readonly #bySet = new WeakMap<ReadonlySet<string>, Subscription>();
  readonly #changes = new WeakMap<Subscription, Map<string, WeakRef<Subscription>>>();
  // Weak, so that the sets of clients that are gone go too.
  readonly #byHash = new Map<string, WeakRef<Subscription>[]>();
  readonly #forget = new FinalizationRegistry<string>((key) => {
    const left = (this.#byHash.get(key) ?? []).filter((reference) => reference.deref() !== undefined);
    if (left.length === 0) this.#byHash.delete(key);
    else this.#byHash.set(key, left);
  });

  /** The set must not change any more: whoever comes with the same one gets the same answer at once. */
  intern(wildcard: boolean, names: ReadonlySet<string>): Subscription {
    const known = this.#bySet.get(names);
    if (known?.wildcard === wildcard) return known;
    const subscription = this.#find(wildcard, names);
    this.#bySet.set(names, subscription);
    return subscription;
  }

  /**
   * What becomes of a subscription by this change. When a service is new, every client makes the same one to the same
   * thousand names.
   */
  change(from: Subscription, change: SubscriptionChange): Subscription {
    const { wildcard, added, removed } = change;
    const isSmall = added.size + removed.size <= MAX_KEYED_NAMES;
    const key = isSmall ? JSON.stringify([wildcard, [...added], [...removed]]) : undefined;
    const changes = this.#changes.get(from) ?? new Map<string, WeakRef<Subscription>>();
    const known = key === undefined ? undefined : changes.get(key)?.deref();
    if (known !== undefined) return known;
    const names = new Set(from.names);
    for (const name of removed) names.delete(name);
    for (const name of added) names.add(name);
    const to = this.intern(wildcard, names);
    if (key === undefined) return to;
    if (changes.size >= MAX_KEPT_CHANGES) changes.clear();
    this.#changes.set(from, changes.set(key, new WeakRef(to)));
    return to;
  }

  #find(wildcard: boolean, names: ReadonlySet<string>): Subscription {
    let hash = wildcard ? 1 : 0;
    for (const name of names) hash ^= hashOf(name);
    const key = `${hash}/${names.size}`;
    const candidates = this.#byHash.get(key) ?? [];
    for (const reference of candidates) {
      const known = reference.deref();
      if (known !== undefined && known.wildcard === wildcard && isSame(known.names, names)) return known;
    }
    lastId += 1;
    const subscription: Subscription = { id: lastId, wildcard, names };
    this.#byHash.set(key, [...candidates, new WeakRef(subscription)]);
    this.#forget.register(subscription, key);
    return subscription;
  }
}

function isSame(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  if (left.size !== right.size) return false;
  for (const name of left) if (!right.has(name)) return false;
  return true;
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}

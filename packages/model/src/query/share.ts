/** Everything `share` has returned: frozen at every level. */
const ours = new WeakSet<object>();

/**
 * Structural sharing: gives `next` back with every part that equals its counterpart in `old` replaced by the old object,
 * down to `old` itself when all of it is equal. Whoever compares by `===` then sees exactly what changed.
 *
 * Items of lists find their counterpart wherever it stands, since most lists here are sets in a fixed order and an
 * insertion moves everything behind it. Everything returned is frozen. Only plain objects and arrays are looked into.
 */
export function share<T>(old: unknown, next: T): T;
export function share(old: unknown, next: unknown): unknown {
  if (Object.is(old, next) || typeof next !== 'object' || next === null) return next;
  // Nothing to compare with, and nothing left to freeze: parts of other results are not walked again.
  if (typeof old !== 'object' && ours.has(next)) return next;
  if (Array.isArray(next)) return shareList(Array.isArray(old) ? old : undefined, next);
  if (isRecord(next)) return shareRecord(isRecord(old) ? old : undefined, next);
  return next;
}

type PlainRecord = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is PlainRecord {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function shareRecord(old: PlainRecord | undefined, next: PlainRecord): PlainRecord {
  const entries: [string, unknown][] = [];
  let sameAsOld = old !== undefined;
  let sameAsNext = true;
  for (const key of Object.keys(next)) {
    const known = old !== undefined && Object.hasOwn(old, key);
    const value = share(known ? old[key] : undefined, next[key]);
    entries.push([key, value]);
    if (!known || !Object.is(value, old[key])) sameAsOld = false;
    if (!Object.is(value, next[key])) sameAsNext = false;
  }
  if (old !== undefined && sameAsOld && Object.keys(old).length === entries.length) return old;
  return freeze(sameAsNext ? next : Object.fromEntries(entries));
}

function shareList(old: readonly unknown[] | undefined, next: readonly unknown[]): readonly unknown[] {
  const partners = new Partners(old ?? [], next);
  const items = next.map((item, index) => {
    if (typeof item !== 'object' || item === null || Object.is(old?.[index], item)) return item;
    return partners.shareWith(item, old?.[index]);
  });
  if (old?.length === items.length && items.every((item, index) => Object.is(item, old[index]))) return old;
  return freeze(items.every((item, index) => Object.is(item, next[index])) ? next : items);
}

function freeze<T extends object>(value: T): T {
  ours.add(value);
  return Object.freeze(value);
}

/** Finds the old item a new one may equal. Its tables are made at the first question: unchanged lists never need them. */
class Partners {
  readonly #old: readonly unknown[];
  readonly #next: readonly unknown[];
  #identities: ReadonlySet<unknown> | undefined;
  #leftovers: ReadonlyMap<string, readonly object[]> | undefined;

  constructor(old: readonly unknown[], next: readonly unknown[]) {
    this.#old = old;
    this.#next = next;
  }

  shareWith(item: object, atSamePlace: unknown): unknown {
    if (this.#old.length === 0) return share(undefined, item);
    this.#identities ??= new Set(this.#old);
    if (this.#identities.has(item)) return item;
    const own = fingerprint(item);
    let shared: unknown = item;
    // The same place first: a list with equal items among it must still come out as the old list.
    if (typeof atSamePlace === 'object' && atSamePlace !== null && fingerprint(atSamePlace) === own) {
      shared = share(atSamePlace, item);
      if (shared === atSamePlace) return shared;
    }
    this.#leftovers ??= leftovers(this.#old, this.#next);
    for (const candidate of this.#leftovers.get(own) ?? []) {
      if (candidate === atSamePlace) continue;
      const attempt = share(candidate, item);
      if (attempt === candidate) return attempt;
      if (shared === item) shared = attempt;
    }
    return shared === item ? share(atSamePlace, item) : shared;
  }
}

/** The old objects that are not among the new ones themselves, by fingerprint: usually few. */
function leftovers(old: readonly unknown[], next: readonly unknown[]): ReadonlyMap<string, readonly object[]> {
  const kept = new Set(next);
  const index = new Map<string, object[]>();
  for (const item of old) {
    if (typeof item !== 'object' || item === null || kept.has(item)) continue;
    const key = fingerprint(item);
    const bucket = index.get(key);
    if (bucket === undefined) index.set(key, [item]);
    else bucket.push(item);
  }
  return index;
}

/** Equal items have equal fingerprints: the plain values among their fields, in the order of the fields' names. */
function fingerprint(item: object): string {
  if (Array.isArray(item))
    return `list ${item.length} ${String(item.find((value) => typeof value !== 'object') ?? '')}`;
  return Object.entries(item)
    .filter(([, value]) => typeof value !== 'object')
    .map(([key, value]) => `${key}=${String(value)}`)
    .sort()
    .join('\n');
}

/**
 * Lists of names as they stand in requests, decoded once. Sidecars of a scope ask for the same 1,000 endpoints, and Envoy
 * asks for names in their order, so most long lists are the bytes of one before.
 */
export interface NameList {
  readonly names: ReadonlySet<string>;
  /** The name `*` was among them. */
  readonly wildcard: boolean;
  /** With repetitions. */
  readonly count: number;
}

export const WILDCARD = '*';

/** Shorter ones are decoded faster than found. */
const MIN_KEPT_BYTES = 1024;
/** A mesh has that many scopes at most whose sidecars connect at once. */
const MAX_KEPT = 16;

export function nameList(listed: Iterable<string>): NameList {
  const names = new Set<string>();
  let count = 0;
  let wildcard = false;
  for (const name of listed) {
    count += 1;
    if (name === WILDCARD) wildcard = true;
    else names.add(name);
  }
  return { names, wildcard, count };
}

export class NameLists {
  #kept: { readonly bytes: Buffer; readonly list: NameList }[] = [];

  /** The names in these bytes, which are one repeated text field of an encoded message and nothing else. */
  read(bytes: Buffer, decode: (bytes: Buffer) => Iterable<string>): NameList {
    if (bytes.length < MIN_KEPT_BYTES) return nameList(decode(bytes));
    const known = this.#kept.find((entry) => entry.bytes.equals(bytes));
    if (known !== undefined) return known.list;
    const list = nameList(decode(bytes));
    this.#kept = [{ bytes: Buffer.from(bytes), list }, ...this.#kept].slice(0, MAX_KEPT);
    return list;
  }
}

/**
 * The resources of one type in one view, with the order in which they changed.
 *
 * Clients do not each keep a map of what they have: with 2,000 clients and 1,000 resources that was 1 GB and most of
 * the time of a push. They keep a position in this log instead. A change costs each client a look at the few names
 * that changed since its position.
 *
 * What is removed stays as a tombstone, with its bytes, until every reader has been told: a state-of-the-world client
 * must go on seeing a cluster until the routes that used it are gone.
 */
import type { EncodedResource } from './encoded-resource.ts';

export interface LogEntry {
  readonly resource: EncodedResource;
  /** The step at which it last changed, or went. Steps count up over all views of the process. */
  readonly step: number;
}

/** How far a reader has been told. What any reader still has to be told is kept. */
export interface LogReader {
  readonly sentThrough: number;
  readonly removedThrough: number;
}

/** A reader that hangs may hold back this many times the resources; then it only knows of the last change of each. */
const MAX_LOG_FACTOR = 8;

export class ChangeLog {
  readonly #live = new Map<string, LogEntry>();
  readonly #tombstones = new Map<string, LogEntry>();
  readonly #readers = new Set<LogReader>();
  #log: { readonly name: string; readonly step: number }[] = [];
  #head = 0;
  #compactAt = 64;

  /** The step of the last change; 0 when nothing was ever here. */
  get head(): number {
    return this.#head;
  }

  get live(): ReadonlyMap<string, LogEntry> {
    return this.#live;
  }

  get tombstones(): ReadonlyMap<string, LogEntry> {
    return this.#tombstones;
  }

  /** Returns false, and changes nothing, when the content is what it was. */
  upsert(resource: EncodedResource, step: number): boolean {
    if (this.#live.get(resource.name)?.resource.version === resource.version) return false;
    this.#live.set(resource.name, { resource, step });
    this.#tombstones.delete(resource.name);
    this.#append(resource.name, step);
    return true;
  }

  remove(name: string, step: number): boolean {
    const entry = this.#live.get(name);
    if (entry === undefined) return false;
    this.#live.delete(name);
    this.#tombstones.set(name, { resource: entry.resource, step });
    this.#append(name, step);
    return true;
  }

  /** Live entries that changed after `after`, oldest first. */
  *changed(after: number): Generator<LogEntry> {
    if (after === 0) yield* this.#live.values();
    else yield* this.#since(after, this.#live);
  }

  /**
   * Names that changed after `after` and up to `through` and are live. A name counts even when it changed again later:
   * whoever waits for that change has not seen it yet.
   */
  *touched(after: number, through: number): Generator<string> {
    for (let index = this.#indexAfter(after); index < this.#log.length; index += 1) {
      const record = this.#log[index];
      if (record === undefined || record.step > through) return;
      if (this.#live.has(record.name)) yield record.name;
    }
  }

  /** Tombstones of what went after `after`, oldest first. */
  *removed(after: number): Generator<LogEntry> {
    if (this.#tombstones.size > 0) yield* this.#since(after, this.#tombstones);
  }

  addReader(reader: LogReader): void {
    this.#readers.add(reader);
  }

  removeReader(reader: LogReader): void {
    this.#readers.delete(reader);
  }

  *#since(after: number, among: ReadonlyMap<string, LogEntry>): Generator<LogEntry> {
    for (let index = this.#indexAfter(after); index < this.#log.length; index += 1) {
      const record = this.#log[index];
      if (record === undefined) return;
      const entry = among.get(record.name);
      // An older record of a name that changed again says nothing; the newer one follows.
      if (entry?.step === record.step) yield entry;
    }
  }

  #append(name: string, step: number): void {
    this.#head = step;
    this.#log.push({ name, step });
    if (this.#log.length > this.#compactAt) this.#compact();
  }

  #compact(): void {
    let removed = this.#head;
    let sent = this.#head;
    for (const reader of this.#readers) {
      removed = Math.min(removed, reader.removedThrough);
      if (reader.sentThrough > 0) sent = Math.min(sent, reader.sentThrough);
    }
    for (const [name, entry] of this.#tombstones) if (entry.step <= removed) this.#tombstones.delete(name);
    const isTooLong = this.#log.length > MAX_LOG_FACTOR * (this.#live.size + this.#tombstones.size) + 1024;
    this.#log = this.#log.filter(({ name, step }) => {
      const entry = this.#live.get(name) ?? this.#tombstones.get(name);
      return entry !== undefined && (entry.step === step || (step > sent && !isTooLong));
    });
    // Amortised: rewritten again only when it has doubled.
    this.#compactAt = 2 * this.#log.length + 64;
  }

  #indexAfter(step: number): number {
    let low = 0;
    let high = this.#log.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#log[middle]?.step ?? 0) <= step) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

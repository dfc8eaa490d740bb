import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import { type GroupKind, keyOf, keyText, type Resource, type ResourceStore } from '@meshwise/resources';
import { BackOff } from './back-off.ts';

/** A resource before and after; `previous` is absent for a new one, `current` for a removed one. */
export interface Change {
  readonly previous?: Resource;
  readonly current?: Resource;
}

/**
 * Follows one kind by list and watch and remembers what it saw last (client-go's reflector and indexer in one). When the
 * store's log no longer reaches back (MW2003) it lists again and delivers the differences, deletions included, so that
 * subscribers never learn that a watch broke.
 */
export class Source {
  readonly kind: GroupKind;
  readonly #store: ResourceStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #seen = new Map<string, Resource>();
  readonly #subscribers: ((change: Change) => void)[] = [];
  #synced = false;

  constructor(kind: GroupKind, store: ResourceStore, clock: Clock, logger: Logger) {
    this.kind = kind;
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Whether the first list was delivered. */
  get synced(): boolean {
    return this.#synced;
  }

  subscribe(subscriber: (change: Change) => void): void {
    this.#subscribers.push(subscriber);
  }

  /** What was seen last, possibly older than the store; good for mapping changes to keys, not for decisions. */
  cached(): Iterable<Resource> {
    return this.#seen.values();
  }

  /** Whether everything in the store has been delivered. Lists the kind: for tests and health, not for every event. */
  async inStep(): Promise<boolean> {
    const { items } = await this.#store.list(this.kind);
    if (!this.#synced || items.length !== this.#seen.size) return false;
    return items.every((item) => {
      const seen = this.#seen.get(keyText(keyOf(item)));
      return seen !== undefined && seen.metadata.resourceVersion === item.metadata.resourceVersion;
    });
  }

  /** Follows the kind until the signal aborts; never throws. */
  async run(signal: AbortSignal): Promise<void> {
    const backOff = new BackOff({ baseMs: 20, maxMs: 10_000 });
    while (!signal.aborted) {
      try {
        const list = await this.#store.list(this.kind);
        if (signal.aborted) return;
        this.#replace(list.items);
        for await (const event of this.#store.watch(this.kind, { resourceVersion: list.resourceVersion, signal })) {
          backOff.forget('watch');
          if (event.type !== 'BOOKMARK') this.#see(event.type === 'DELETED', event.resource);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof MeshwiseError && error.code === 'MW2003') continue;
        this.#logger.warn('watch failed', { kind: this.kind, error: MeshwiseError.from(error).message });
      }
      await this.#clock.sleep(backOff.nextDelayMs('watch'), signal).catch(() => undefined);
    }
  }

  #replace(items: readonly Resource[]): void {
    const present = new Set(items.map((item) => keyText(keyOf(item))));
    for (const [text, resource] of [...this.#seen]) if (!present.has(text)) this.#see(true, resource);
    for (const item of items) this.#see(false, item);
    this.#synced = true;
    this.#deliver({});
  }

  #see(removed: boolean, resource: Resource): void {
    const text = keyText(keyOf(resource));
    const previous = this.#seen.get(text);
    if (removed) {
      this.#seen.delete(text);
      this.#deliver({ previous: resource });
    } else {
      if (previous?.metadata.resourceVersion === resource.metadata.resourceVersion && previous !== undefined) return;
      this.#seen.set(text, resource);
      this.#deliver(previous === undefined ? { current: resource } : { previous, current: resource });
    }
  }

  #deliver(change: Change): void {
    for (const subscriber of this.#subscribers) subscriber(change);
  }
}

/** One source per kind, shared by all controllers that watch it. */
export class SourceSet {
  readonly #make: (kind: GroupKind) => Source;
  readonly #sources = new Map<string, Source>();

  constructor(store: ResourceStore, clock: Clock, logger: Logger) {
    this.#make = (kind) => new Source(kind, store, clock, logger);
  }

  of(kind: GroupKind): Source {
    const text = `${kind.group}/${kind.kind}`;
    let source = this.#sources.get(text);
    if (source === undefined) {
      source = this.#make(kind);
      this.#sources.set(text, source);
    }
    return source;
  }

  all(): readonly Source[] {
    return [...this.#sources.values()];
  }
}

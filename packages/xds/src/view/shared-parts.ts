/**
 * The pieces of responses that many clients share, for one type of one view.
 *
 * Clients at the same position with the same subscription need the same bytes, so those are put together once per
 * step: measured with 2,000 clients, that and the log made a push four to five times as fast, and a response that
 * waits for a slow reader costs references instead of a copy.
 */
import type { ChangeLog } from './change-log.ts';
import type { EncodedResource } from './encoded-resource.ts';
import { type Subscription, wants } from './subscription.ts';
import { textField } from './wire.ts';

/** The two variants of the protocol: incremental and state of the world. */
export type Variant = 'delta' | 'sotw';

export interface ResponseHead {
  readonly variant: Variant;
  readonly typeUrl: string;
  readonly version: string;
  readonly nonce: string;
}

/** More resources than this are laid side by side once; fewer are not worth the copy, which every proxy's own would be. */
const MAX_LOOSE_RESOURCES = 8;

/** Resources that travel together, encoded for each variant once, when it is first asked for. */
export class ResponsePart {
  readonly resources: readonly EncodedResource[];
  readonly #fields = new Map<Variant, Buffer>();

  constructor(resources: readonly EncodedResource[]) {
    this.resources = resources;
  }

  /** The fields of a response that hold them, the same Buffers for everybody. */
  fields(variant: Variant): readonly Uint8Array[] {
    if (this.resources.length <= MAX_LOOSE_RESOURCES) return this.#loose(variant);
    const known = this.#fields.get(variant);
    if (known !== undefined) return [known];
    const fields = Buffer.concat(this.#loose(variant));
    this.#fields.set(variant, fields);
    return [fields];
  }

  #loose(variant: Variant): Uint8Array[] {
    return this.resources.flatMap(({ deltaPrefix, sotwPrefix, any }) => [
      variant === 'delta' ? deltaPrefix : sotwPrefix,
      any,
    ]);
  }
}

/**
 * A response put together from parts and the names of what is gone (delta only), in pieces: fields of a message may be
 * concatenated, and only the connection does it.
 */
export function responseOf(
  head: ResponseHead,
  parts: readonly ResponsePart[],
  removed: readonly string[],
): Uint8Array[] {
  const ends = Buffer.concat([
    textField(1, head.version),
    textField(4, head.typeUrl),
    textField(5, head.nonce),
    ...(head.variant === 'delta' ? removed.map((name) => textField(6, name)) : []),
  ]);
  return [ends, ...parts.flatMap((part) => part.fields(head.variant))];
}

/** Clients that share nothing (each its own subscription) must not make the cache hold a copy for each of them. */
const MAX_CACHED_PARTS = 64;

export class SharedParts {
  readonly log: ChangeLog;
  readonly #parts = new Map<string, ResponsePart>();
  #head = -1;

  constructor(log: ChangeLog) {
    this.log = log;
  }

  /** What was added or changed after a position. */
  changes(after: number, subscription: Subscription): ResponsePart {
    return this.#cached(`${after}/${subscription.id}`, () => {
      const resources: EncodedResource[] = [];
      for (const { resource } of this.log.changed(after))
        if (wants(subscription, resource.name)) resources.push(resource);
      return resources;
    });
  }

  /** Everything, and what went after `keepAfter`: for responses in which absence is removal. */
  everything(keepAfter: number, subscription: Subscription): ResponsePart {
    return this.#cached(`all/${keepAfter}/${subscription.id}`, () => {
      const resources: EncodedResource[] = [];
      for (const entries of [this.log.live.values(), this.log.removed(keepAfter)]) {
        for (const { resource } of entries) if (wants(subscription, resource.name)) resources.push(resource);
      }
      return resources;
    });
  }

  #cached(key: string, build: () => EncodedResource[]): ResponsePart {
    if (this.#head !== this.log.head) {
      this.#parts.clear();
      this.#head = this.log.head;
    }
    let part = this.#parts.get(key);
    if (part === undefined) {
      part = new ResponsePart(build());
      const oldest = this.#parts.size < MAX_CACHED_PARTS ? undefined : this.#parts.keys().next().value;
      if (oldest !== undefined) this.#parts.delete(oldest);
      this.#parts.set(key, part);
    }
    return part;
  }
}

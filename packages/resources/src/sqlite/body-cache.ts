import type { Resource } from '../resource.ts';

/**
 * Objects by their resource version, so that what is read again and again (every controller lists every kind) is parsed
 * once. Entries are frozen, since all readers share them. A version names one content for good, but only once it is
 * committed: whoever rolls back clears the cache.
 */
export class BodyCache {
  readonly #limit: number;
  #objects = new Map<number, Resource>();

  constructor(limit = 50_000) {
    this.#limit = limit;
  }

  get(version: number): Resource | undefined {
    return this.#objects.get(version);
  }

  add(version: number, body: string): Resource {
    const resource = frozen(JSON.parse(body)) as Resource;
    if (this.#objects.size >= this.#limit) this.#objects.clear();
    this.#objects.set(version, resource);
    return resource;
  }

  clear(): void {
    this.#objects.clear();
  }
}

function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}

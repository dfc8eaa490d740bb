import type { XdsType } from '@meshwise/xds';
import { type Interest, interestsOf } from './interests.ts';
import { resourceNames } from './response.ts';

/** Up to so many resources a response is known by their names; a larger one, by their number. */
const FEW = 20;
const ASK_FOR_MORE: ReadonlySet<XdsType> = new Set(['CDS', 'LDS', 'RDS']);

/** Two thousand clients in one process cannot each decode a megabyte: what one has understood holds for all. */
export class KnownInterests {
  readonly #known = new Map<string, readonly Interest[]>();

  of(type: XdsType, response: Buffer): readonly Interest[] {
    if (!ASK_FOR_MORE.has(type)) return [];
    const names = resourceNames(response);
    // Of listeners each proxy has some of its own, alike but for their names.
    const key = `${type} ${names.length} ${names.length <= FEW && type !== 'LDS' ? names.join() : ''}`;
    const known = this.#known.get(key) ?? interestsOf(type, response);
    this.#known.set(key, known);
    return known;
  }
}

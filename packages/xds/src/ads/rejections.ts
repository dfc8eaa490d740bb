/**
 * What one client has rejected of one type, and what is tried again without it.
 *
 * What was rejected is not sent again until its content changes. What travelled with it is, since clients differ in
 * whether they accept the good half of a bad response.
 */
import type { EncodedResource } from '../view/encoded-resource.ts';
import { ResponsePart } from '../view/shared-parts.ts';
import { isolate } from './nack.ts';

export class Rejections {
  readonly #versions = new Map<string, string>();
  #retries: (readonly string[])[] = [];
  #isOpen = false;

  /** Something rejected is still what the views hold, or is being looked for. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  get hasRetries(): boolean {
    return this.#retries.length > 0;
  }

  isRejected(resource: EncodedResource): boolean {
    return this.#versions.get(resource.name) === resource.version;
  }

  /** Leaves out what is known to be bad. */
  withoutBad(parts: readonly ResponsePart[]): readonly ResponsePart[] {
    if (!this.#isOpen) return parts;
    return parts
      .map(({ resources }) => new ResponsePart(resources.filter((resource) => !this.isRejected(resource))))
      .filter(({ resources }) => resources.length > 0);
  }

  takeRetry(): readonly string[] | undefined {
    return this.#retries.shift();
  }

  /** Returns the names known to be bad so far. With `canRetry` false the response cannot be sent in part. */
  reject(message: string, sent: readonly EncodedResource[], canRetry: boolean): string[] {
    this.#isOpen = true;
    const { bad, retries } = isolate(
      message,
      sent.map(({ name }) => name),
    );
    if (!canRetry) return [...bad];
    this.#retries.unshift(...retries);
    const isBad = new Set(bad);
    for (const { name, version } of sent) if (isBad.has(name)) this.#versions.set(name, version);
    return [...this.#versions.keys()];
  }

  /** A rejection is over when what was rejected was accepted, replaced, withdrawn or is no longer wanted. */
  settle(accepted: readonly EncodedResource[], isCurrent: (name: string, version: string) => boolean): void {
    if (this.#versions.size > 0) for (const { name } of accepted) this.#versions.delete(name);
    for (const [name, version] of this.#versions) if (!isCurrent(name, version)) this.#versions.delete(name);
    if (this.#retries.length === 0 && this.#versions.size === 0) this.#isOpen = false;
  }
}

/**
 * The responses that one client is sent of one type: their nonces, and the one that it has not answered yet.
 *
 * At most one response is outstanding, so a client that does not read holds up a bounded number of messages and a
 * rejection always concerns a known set of resources.
 *
 * Source: "ACK/NACK and resource type instance version".
 */
import type { EncodedResource } from '../view/encoded-resource.ts';
import { type ResponseHead, type ResponsePart, responseOf, type Variant } from '../view/shared-parts.ts';

/** What a response is made of, and what it stands for when it is acknowledged. */
export interface ResponseContent {
  readonly parts: readonly ResponsePart[];
  readonly removed: readonly string[];
  /** Before this response the additions of each view had been sent through these steps. */
  readonly addsBefore: readonly number[];
  /** It holds resources for another reason than that they changed. */
  readonly hasRefresh: boolean;
}

export interface Outstanding extends ResponseContent {
  readonly nonce: string;
  readonly version: string;
}

export interface SentMessage {
  readonly pieces: readonly Uint8Array[];
  readonly version: string;
  readonly parts: readonly ResponsePart[];
}

export class Responses {
  readonly #variant: Variant;
  readonly #typeUrl: string;
  #outstanding: Outstanding | undefined;
  #lastNonce = '';
  #repeats = 0;

  constructor(variant: Variant, typeUrl: string) {
    this.#variant = variant;
    this.#typeUrl = typeUrl;
  }

  get lastNonce(): string {
    return this.#lastNonce;
  }

  get outstanding(): Outstanding | undefined {
    return this.#outstanding;
  }

  /** Makes the next response, which is outstanding from here on. */
  next(version: string, content: ResponseContent): SentMessage {
    const nonce = this.#nextNonce(version);
    const head: ResponseHead = { variant: this.#variant, typeUrl: this.#typeUrl, version, nonce };
    this.#outstanding = { nonce, version, ...content };
    return { pieces: responseOf(head, content.parts, content.removed), version, parts: content.parts };
  }

  /** The response that is answered by this nonce, and no longer outstanding; undefined when the nonce is an old one. */
  takeAnswered(nonce: string): Outstanding | undefined {
    const outstanding = this.#outstanding;
    if (outstanding?.nonce !== nonce) return undefined;
    this.#outstanding = undefined;
    return outstanding;
  }

  /** The steps of an outstanding response are those of views that the client no longer has. */
  forgetSteps(): void {
    if (this.#outstanding !== undefined) this.#outstanding = { ...this.#outstanding, addsBefore: [], hasRefresh: true };
  }

  /** Derived from the version, as a help to whoever reads it; told apart when one version needs two. */
  #nextNonce(version: string): string {
    const isRepeat = this.#lastNonce.split('.')[0] === version;
    this.#repeats = isRepeat ? this.#repeats + 1 : 0;
    this.#lastNonce = isRepeat ? `${version}.${this.#repeats}` : version;
    return this.#lastNonce;
  }
}

export function resourcesOf(response: Outstanding | undefined): EncodedResource[] {
  return response === undefined ? [] : response.parts.flatMap(({ resources }) => resources);
}

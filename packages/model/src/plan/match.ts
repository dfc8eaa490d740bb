import type { TextMatch } from './security.ts';

export type StringMatch =
  | { readonly exact: string; readonly ignoreCase?: boolean }
  | { readonly prefix: string; readonly ignoreCase?: boolean }
  /** RE2, matching the whole value. */
  | { readonly regex: string }
  | { readonly present: true };

export type RoutePathMatch =
  | StringMatch
  /** A prefix that ends where a segment does: `/cart` takes `/cart` and `/cart/1`, not `/carts` (Gateway API, PathPrefix). */
  | { readonly segments: string };

export interface HttpMatch {
  /** All paths when absent. */
  readonly path?: RoutePathMatch;
  readonly method?: StringMatch;
  readonly authority?: StringMatch;
  readonly scheme?: StringMatch;
  readonly headers: readonly { readonly name: string; readonly match: StringMatch; readonly invert?: boolean }[];
  readonly queryParameters: readonly { readonly name: string; readonly match: StringMatch }[];
  /** Of verified tokens, at gateways: the names on the way to the claim. */
  readonly claims?: readonly {
    readonly path: readonly string[];
    readonly match: TextMatch;
    readonly invert?: boolean;
  }[];
}

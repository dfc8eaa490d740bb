export type StringMatch =
  | { readonly exact: string; readonly ignoreCase?: boolean }
  | { readonly prefix: string; readonly ignoreCase?: boolean }
  /** RE2, matching the whole value. */
  | { readonly regex: string }
  | { readonly present: true };

export interface HttpMatch {
  /** All paths when absent. */
  readonly path?: StringMatch;
  readonly method?: StringMatch;
  readonly authority?: StringMatch;
  readonly scheme?: StringMatch;
  readonly headers: readonly { readonly name: string; readonly match: StringMatch; readonly invert?: boolean }[];
  readonly queryParameters: readonly { readonly name: string; readonly match: StringMatch }[];
}

/** How much input is read before it is refused with MW1002. A hostile file must not stop the process that reads it. */
export interface ParseLimits {
  /** Bytes of UTF-8 of one file. Default 16 MiB; sane from 64 KiB to 256 MiB. */
  readonly maxBytes: number;
  /** Documents of one file, items of a `List` included. Default 10,000. */
  readonly maxDocuments: number;
  /** Nesting of maps and lists. Default 64; Kubernetes' own kinds reach about 20. */
  readonly maxDepth: number;
  /** Values that aliases stand for when written out, per document. Default 100,000, which stops exponential aliases. */
  readonly maxAliasedValues: number;
}

export const DEFAULT_LIMITS: ParseLimits = {
  maxBytes: 16 * 1024 * 1024,
  maxDocuments: 10_000,
  maxDepth: 64,
  maxAliasedValues: 100_000,
};

import type { MeshwiseError } from '@meshwise/core';

/** A result that the store did not take. It is kept in its journal and in memory until it does. */
export interface Unstored {
  readonly id: string;
  readonly error: MeshwiseError;
  /** Rejects when the store does not take it this time either. */
  readonly retry: () => Promise<void>;
  /** Gives it up. */
  readonly discard: () => Promise<void>;
}

/** What has come to its end, with everything of it that is not in the store. */
export interface Result<Record> {
  readonly record: Record;
  readonly unstored: readonly Unstored[];
}

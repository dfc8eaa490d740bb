import { MeshwiseError } from '@meshwise/core';
import type { Dialect } from 'kysely';

/** What differs between the databases. */
export interface Backend {
  readonly dialect: Dialect;
  /** For people: which store an error is about. */
  readonly name: string;
  /** Why the database refused, in words; undefined when that is not known. */
  readonly reasonOf: (error: unknown) => string | undefined;
  /** Whether what was written belongs to something that is not there. */
  readonly breaksReference: (error: unknown) => boolean;
}

/** MW8102 with the reason in words, whatever the database said. */
export function storeFailure({ name, reasonOf }: Backend, cause: unknown): MeshwiseError {
  if (cause instanceof MeshwiseError) return cause;
  const reason = reasonOf(cause) ?? (cause instanceof Error ? cause.message : String(cause));
  return new MeshwiseError('MW8102', `${name}: ${reason}`, {}, { cause });
}

import { MeshwiseError } from '@meshwise/core';
import { findKindByName } from '@meshwise/resources';

/** `deploy/reviews-v1` taken apart; a word without a slash names no kind. */
export interface Target {
  /** Kind in its own spelling (`Deployment`) where it is known, else as typed; undefined when none was given. */
  readonly kind: string | undefined;
  readonly name: string;
}

/** Takes KIND/NAME or NAME. Throws MW7001 when a part is empty or there are more. */
export function parseTarget(text: string): Target {
  const parts = text.split('/');
  const [first, second] = parts;
  if (parts.length > 2 || parts.includes('') || first === undefined) {
    throw new MeshwiseError('MW7001', 'a target is NAME or KIND/NAME', { found: text });
  }
  if (second === undefined) return { kind: undefined, name: first };
  return { kind: findKindByName(first)?.kind ?? first, name: second };
}

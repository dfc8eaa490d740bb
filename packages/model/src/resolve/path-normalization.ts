import type { PathNormalization } from '../plan.ts';
import type { ResolveContext } from './context.ts';

/** The same for every proxy: where one reads a path otherwise than the next, a policy means nothing. */
export function pathNormalizationOf({ items }: ResolveContext): { readonly pathNormalization?: PathNormalization } {
  const pathNormalization = items.list('meshSettings', '')[0]?.pathNormalization;
  return pathNormalization === undefined ? {} : { pathNormalization };
}

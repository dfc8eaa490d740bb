import type { RoutePathMatch } from '@meshwise/model';

export type PathReplacement =
  | { readonly kind: 'prefix'; readonly value: string }
  | { readonly kind: 'regex'; readonly pattern: string; readonly substitution: string };

/**
 * What takes the place of a matched prefix. Prefixes that end where a segment does are replaced as segments (Gateway API,
 * HTTPPathModifier `replacePrefixMatch`): slashes at the end of either mean nothing, and `/foo` replaced by `/` makes `/bar`
 * of `/foo/bar`, where Envoy by itself would put the slash in twice.
 */
export function pathReplacement(match: RoutePathMatch | undefined, replacement: string): PathReplacement {
  if (match === undefined || !('segments' in match)) return { kind: 'prefix', value: replacement };
  const prefix = match.segments.replace(/\/+$/, '');
  const bare = replacement.replace(/\/+$/, '');
  const value = bare === '' || bare.startsWith('/') ? bare : `/${bare}`;
  // What is matched then is the slash in front of the path.
  if (prefix === '') return { kind: 'prefix', value: `${value}/` };
  if (value !== '') return { kind: 'prefix', value };
  return { kind: 'regex', pattern: `^${prefix.replaceAll(/[^\w/-]/g, '\\$&')}/?`, substitution: '/' };
}

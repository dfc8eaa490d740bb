import { create } from '@bufbuild/protobuf';
import type { HttpMatch, RoutePathMatch } from '@meshwise/model';
import { type RouteMatch, RouteMatchSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { claimIs } from './security/tokens.ts';
import { headerMatcher, queryParameterMatcher } from './string-match.ts';

const PSEUDO_HEADERS = { method: ':method', authority: ':authority', scheme: ':scheme' } as const;

export function routeMatch(match: HttpMatch): RouteMatch {
  const pseudo = (['method', 'authority', 'scheme'] as const).flatMap((field) => {
    const value = match[field];
    return value === undefined ? [] : [headerMatcher(PSEUDO_HEADERS[field], value)];
  });
  return create(RouteMatchSchema, {
    ...pathMatch(match.path),
    headers: [...pseudo, ...match.headers.map((header) => headerMatcher(header.name, header.match, header.invert))],
    dynamicMetadata: (match.claims ?? []).map((claim) => claimIs(claim.path, claim.match, claim.invert)),
    queryParameters: match.queryParameters.map((parameter) => queryParameterMatcher(parameter.name, parameter.match)),
  });
}

function pathMatch(path: RoutePathMatch | undefined) {
  if (path === undefined || 'present' in path) return { pathSpecifier: { case: 'prefix' as const, value: '/' } };
  if ('regex' in path) return { pathSpecifier: { case: 'safeRegex' as const, value: { regex: path.regex } } };
  if ('segments' in path) return segmentsMatch(path.segments);
  // Unset means case-sensitive in Envoy.
  const caseSensitive = path.ignoreCase === true ? { caseSensitive: false } : {};
  if ('exact' in path) return { pathSpecifier: { case: 'path' as const, value: path.exact }, ...caseSensitive };
  return { pathSpecifier: { case: 'prefix' as const, value: path.prefix }, ...caseSensitive };
}

/** Envoy wants no slash at the end, and knows `/` by another word. */
function segmentsMatch(segments: string) {
  const value = segments.replace(/\/+$/, '');
  if (value === '') return { pathSpecifier: { case: 'prefix' as const, value: '/' } };
  return { pathSpecifier: { case: 'pathSeparatedPrefix' as const, value } };
}

import { type FieldReader, type RoutePathMatch, type RuleMatch, readRegularExpression } from '@meshwise/model';
import { headerNameOf, parameterNameOf, readNamedMatches } from './value-match.ts';

/** Every path, said so that the prefix `/` can be replaced. */
export const EVERY_PATH: RoutePathMatch = { segments: '/' };

/** One entry of `matches` of an HTTPRoute; undefined when it has a condition that is not known. */
export function readHttpMatch(field: FieldReader): RuleMatch | undefined {
  const path = readPath(field);
  const method = field.string('method');
  const headers = readNamedMatches(field, 'headers', headerNameOf);
  const queryParameters = readNamedMatches(field, 'queryParams', parameterNameOf);
  const isMethodUnreadable = field.has('method') && method === undefined;
  if (field.rest() || path === undefined || isMethodUnreadable) return undefined;
  if (headers === 'refused' || queryParameters === 'refused') return undefined;
  return {
    http: { path, ...(method === undefined ? {} : { method: { exact: method } }), headers, queryParameters },
  };
}

function readPath(match: FieldReader): RoutePathMatch | undefined {
  const field = match.object('path');
  if (field === undefined) return match.has('path') ? undefined : EVERY_PATH;
  const type = field.string('type') ?? 'PathPrefix';
  const value = type === 'RegularExpression' ? readRegularExpression(field, 'value') : field.string('value');
  const written = value ?? (field.has('value') ? undefined : '/');
  if (field.rest() || written === undefined) return undefined;
  switch (type) {
    case 'RegularExpression':
      return { regex: written };
    case 'Exact':
    case 'PathPrefix':
      if (!written.startsWith('/')) {
        field.invalid('value', 'does not begin with /');
        return undefined;
      }
      return type === 'Exact' ? { exact: written } : { segments: written };
    default:
      field.invalid('type', 'is none of Exact, PathPrefix, RegularExpression');
      return undefined;
  }
}

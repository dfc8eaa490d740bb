import { create } from '@bufbuild/protobuf';
import type { StringMatch } from '@meshwise/model';
import {
  type HeaderMatcher,
  HeaderMatcherSchema,
  type QueryParameterMatcher,
  QueryParameterMatcherSchema,
} from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { type StringMatcher, StringMatcherSchema } from '../../gen/envoy/type/matcher/v3/string_pb.js';

type ValueMatch = Exclude<StringMatch, { readonly present: true }>;

/** Every value starts with an empty prefix, and Envoy refuses to be told so. */
function isPresence(match: StringMatch): match is { readonly present: true } {
  return 'present' in match || ('prefix' in match && match.prefix === '');
}

export function stringMatcher(match: ValueMatch): StringMatcher {
  if ('exact' in match) {
    return create(StringMatcherSchema, {
      matchPattern: { case: 'exact', value: match.exact },
      ignoreCase: match.ignoreCase ?? false,
    });
  }
  if ('prefix' in match) {
    return create(StringMatcherSchema, {
      matchPattern: { case: 'prefix', value: match.prefix },
      ignoreCase: match.ignoreCase ?? false,
    });
  }
  return create(StringMatcherSchema, { matchPattern: { case: 'safeRegex', value: { regex: match.regex } } });
}

/**
 * An inverted match also holds for a request without the header: "not x-user: jason" is true of a stranger. Envoy
 * answers false there unless told to read the missing header as an empty one.
 */
export function headerMatcher(name: string, match: StringMatch, invert = false): HeaderMatcher {
  if (isPresence(match)) {
    return create(HeaderMatcherSchema, {
      name,
      headerMatchSpecifier: { case: 'presentMatch', value: true },
      invertMatch: invert,
    });
  }
  return create(HeaderMatcherSchema, {
    name,
    headerMatchSpecifier: { case: 'stringMatch', value: stringMatcher(match) },
    invertMatch: invert,
    treatMissingHeaderAsEmpty: invert,
  });
}

export function queryParameterMatcher(name: string, match: StringMatch): QueryParameterMatcher {
  return create(QueryParameterMatcherSchema, {
    name,
    queryParameterMatchSpecifier: isPresence(match)
      ? { case: 'presentMatch', value: true }
      : { case: 'stringMatch', value: stringMatcher(match) },
  });
}

import { create } from '@bufbuild/protobuf';
import type { PathMatch, TextMatch } from '@meshwise/model';
import { type HeaderMatcher, HeaderMatcherSchema } from '../../../gen/envoy/config/route/v3/route_components_pb.js';
import {
  type ListStringMatcher,
  ListStringMatcherSchema,
  type StringMatcher,
  StringMatcherSchema,
} from '../../../gen/envoy/type/matcher/v3/string_pb.js';

/** Every text begins and ends with nothing, and Envoy refuses to be told so. */
export function isPresence(match: TextMatch): boolean {
  return 'present' in match || ('prefix' in match && match.prefix === '') || ('suffix' in match && match.suffix === '');
}

/** A value that is there; Envoy has no matcher of texts for that. */
const SOMETHING: StringMatcher = regexMatcher('.+');

export function textMatcher(match: TextMatch, ignoreCase = false): StringMatcher {
  if ('regex' in match) return regexMatcher(ignoreCase ? `(?i:${match.regex})` : match.regex);
  const pattern = (matchPattern: StringMatcher['matchPattern']) =>
    create(StringMatcherSchema, { matchPattern, ignoreCase });
  if ('exact' in match) return pattern({ case: 'exact', value: match.exact });
  if (isPresence(match)) return SOMETHING;
  if ('prefix' in match) return pattern({ case: 'prefix', value: match.prefix });
  return 'suffix' in match ? pattern({ case: 'suffix', value: match.suffix }) : SOMETHING;
}

export function regexMatcher(regex: string): StringMatcher {
  return create(StringMatcherSchema, { matchPattern: { case: 'safeRegex', value: { regex } } });
}

export function headerIs(name: string, match: TextMatch, ignoreCase = false): HeaderMatcher {
  return create(HeaderMatcherSchema, {
    name,
    headerMatchSpecifier: isPresence(match)
      ? { case: 'presentMatch', value: true }
      : { case: 'stringMatch', value: textMatcher(match, ignoreCase) },
  });
}

/** Names of headers, which know no case; undefined where none is meant, since Envoy takes no empty lists. */
export function listMatcher(matches: readonly TextMatch[] = []): ListStringMatcher | undefined {
  if (matches.length === 0) return undefined;
  return create(ListStringMatcherSchema, { patterns: matches.map((match) => textMatcher(match, true)) });
}

/**
 * `{*}` is one segment, `{**}` any number of them. An expression like any other, since alternatives of paths may be of
 * all kinds.
 */
export function pathMatcher(match: PathMatch): StringMatcher {
  if (!('template' in match)) return textMatcher(match);
  const parts = match.template.split(/(\{\*\*?\})/).map((part) => {
    if (part === '{*}') return '[^/]+';
    return part === '{**}' ? '.*' : quoted(part);
  });
  return regexMatcher(parts.join(''));
}

/** The text itself, for RE2. */
export function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

import { create } from '@bufbuild/protobuf';
import type { TextMatch } from '@meshwise/model';
import { SourcedMetadataSchema } from '../../../gen/envoy/config/rbac/v3/rbac_pb.js';
import { type MetadataMatcher, MetadataMatcherSchema } from '../../../gen/envoy/type/matcher/v3/metadata_pb.js';
import { type ValueMatcher, ValueMatcherSchema } from '../../../gen/envoy/type/matcher/v3/value_pb.js';
import { isPresence, textMatcher } from './text-matchers.ts';
import { type EitherLeaf, leaf, NEVER, type Tree } from './tree.ts';

export const TOKEN_FILTER = 'envoy.filters.http.jwt_authn';
/** Under which the claims of the one verified token of a request stand in the metadata of the filter. */
export const TOKEN_PAYLOAD = 'payload';

/**
 * Metadata of a filter at a path of names: a text, or a list with the text. Any text, where it is to be there: numbers,
 * objects and lists without texts are none (Istio, AuthorizationPolicy).
 */
export function metadataIs(filter: string, path: readonly string[], match: TextMatch, invert = false): MetadataMatcher {
  return create(MetadataMatcherSchema, {
    filter,
    path: path.map((key) => ({ segment: { case: 'key' as const, value: key } })),
    value: textOrList(match),
    invert,
  });
}

/** Only a text that begins so. */
export function metadataPrefix(filter: string, key: string, prefix: string): MetadataMatcher {
  return create(MetadataMatcherSchema, {
    filter,
    path: [{ segment: { case: 'key', value: key } }],
    value: { matchPattern: { case: 'stringMatch', value: textMatcher({ prefix }) } },
  });
}

export function claimIs(path: readonly string[], match: TextMatch, invert = false): MetadataMatcher {
  return metadataIs(TOKEN_FILTER, [TOKEN_PAYLOAD, ...path], match, invert);
}

function textOrList(match: TextMatch): ValueMatcher {
  const text = create(ValueMatcherSchema, { matchPattern: { case: 'stringMatch', value: textMatcher(match) } });
  const list = create(ValueMatcherSchema, {
    matchPattern: { case: 'listMatch', value: { matchPattern: { case: 'oneOf', value: text } } },
  });
  return create(ValueMatcherSchema, { matchPattern: { case: 'orMatch', value: { valueMatchers: [text, list] } } });
}

export function metadataTree(matcher: MetadataMatcher): Tree<EitherLeaf> {
  return leaf({ case: 'sourcedMetadata', value: create(SourcedMetadataSchema, { metadataMatcher: matcher }) });
}

const claim = (name: string, match: TextMatch) => metadataTree(claimIs([name], match));
const whose = (issuer: TextMatch, subject: TextMatch): Tree<EitherLeaf> => ({
  all: [claim('iss', issuer), claim('sub', subject)],
});
const ANY: TextMatch = { present: true };

/**
 * `issuer/subject` of the token (Istio, `requestPrincipals`). The two are apart in the metadata, and either may have
 * slashes, so every slash is where they may meet. Over such a seam no regular expression can be looked for.
 */
export function requestPrincipalIs(match: TextMatch): Tree<EitherLeaf> {
  if (isPresence(match)) return whose(ANY, ANY);
  if ('exact' in match) {
    return { any: seams(match.exact).map(([issuer, subject]) => whose({ exact: issuer }, { exact: subject })) };
  }
  if ('prefix' in match) {
    const split = seams(match.prefix).map(([issuer, subject]) => whose({ exact: issuer }, { prefix: subject }));
    return { any: [whose(match, ANY), ...split] };
  }
  if ('suffix' in match) {
    const split = seams(match.suffix).map(([issuer, subject]) => whose({ suffix: issuer }, { exact: subject }));
    return { any: [whose(ANY, match), ...split] };
  }
  return NEVER;
}

function seams(text: string): readonly (readonly [issuer: string, subject: string])[] {
  return [...text.matchAll(/\//g)].map(({ index }) => [text.slice(0, index), text.slice(index + 1)]);
}

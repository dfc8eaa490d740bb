import type { MessageInitShape } from '@bufbuild/protobuf';
import type { RouteAction, RoutePathMatch } from '@meshwise/model';
import {
  type RedirectActionSchema,
  RedirectAction_RedirectResponseCode as RedirectCode,
} from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { pathReplacement } from './path-replacement.ts';

type Redirect = Extract<RouteAction, { kind: 'redirect' }>;
type Printed = MessageInitShape<typeof RedirectActionSchema>;

const REDIRECT_CODES = new Map([
  [301, RedirectCode.MOVED_PERMANENTLY],
  [302, RedirectCode.FOUND],
  [303, RedirectCode.SEE_OTHER],
  [307, RedirectCode.TEMPORARY_REDIRECT],
  [308, RedirectCode.PERMANENT_REDIRECT],
]);

export function redirect(action: Redirect, matched?: RoutePathMatch): Printed {
  return {
    hostRedirect: action.authority ?? '',
    portRedirect: typeof action.port === 'number' ? action.port : 0,
    responseCode: REDIRECT_CODES.get(action.status) ?? RedirectCode.MOVED_PERMANENTLY,
    ...path(action, matched),
    ...(action.scheme === undefined
      ? {}
      : { schemeRewriteSpecifier: { case: 'schemeRedirect', value: action.scheme } }),
  };
}

function path(
  { path: whole, pathPrefix }: Redirect,
  matched: RoutePathMatch | undefined,
): Pick<Printed, 'pathRewriteSpecifier'> {
  if (whole !== undefined) return { pathRewriteSpecifier: { case: 'pathRedirect', value: whole } };
  if (pathPrefix === undefined) return {};
  const replacement = pathReplacement(matched, pathPrefix);
  if (replacement.kind === 'prefix')
    return { pathRewriteSpecifier: { case: 'prefixRewrite', value: replacement.value } };
  const { pattern, substitution } = replacement;
  return { pathRewriteSpecifier: { case: 'regexRewrite', value: { pattern: { regex: pattern }, substitution } } };
}

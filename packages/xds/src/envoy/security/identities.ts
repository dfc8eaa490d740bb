import { create } from '@bufbuild/protobuf';
import type { TextMatch } from '@meshwise/model';
import { Principal_AuthenticatedSchema } from '../../../gen/envoy/config/rbac/v3/rbac_pb.js';
import type { StringMatcher } from '../../../gen/envoy/type/matcher/v3/string_pb.js';
import { isPresence, quoted, regexMatcher, textMatcher } from './text-matchers.ts';
import { type CallerLeaf, leaf, type Tree } from './tree.ts';

const SCHEME = 'spiffe://';
const NAME = '[^/]+';

type Part = 'principal' | 'namespace' | 'service-account';

/** The client's identity or a part of it, from the name in its certificate; a client that showed none has none. */
export function identityIs(part: Part, match: TextMatch): Tree<CallerLeaf> {
  const principalName = part === 'principal' ? wholeName(match) : regexMatcher(expressionOf(part, match));
  return leaf({ case: 'authenticated', value: create(Principal_AuthenticatedSchema, { principalName }) });
}

function wholeName(match: TextMatch): StringMatcher {
  if ('exact' in match) return textMatcher({ exact: `${SCHEME}${match.exact}` });
  if (isPresence(match)) return textMatcher({ present: true });
  if ('prefix' in match) return textMatcher({ prefix: `${SCHEME}${match.prefix}` });
  // The scheme is no part of what is looked for.
  return regexMatcher(`${SCHEME}${expression(match, '.*')}`);
}

/** `spiffe://<trust domain>/ns/<namespace>/sa/<service account>`, of whatever trust domain. */
function expressionOf(part: Exclude<Part, 'principal'>, match: TextMatch): string {
  const value = part === 'namespace' ? `${expression(match, '[^/]*')}/sa/${NAME}` : accountExpression(match);
  return `${SCHEME}${NAME}/ns/${value}`;
}

/** `namespace/account`, between whose parts the name has `/sa/`. Where that is in an expression, nobody can tell. */
function accountExpression(match: TextMatch): string {
  if (isPresence(match)) return `${NAME}/sa/${NAME}`;
  const whole = (text: string) => quoted(text).replace('/', '/sa/');
  if ('exact' in match) return whole(match.exact);
  if ('prefix' in match) return `${whole(match.prefix)}${match.prefix.includes('/') ? '[^/]*' : `[^/]*/sa/${NAME}`}`;
  if ('suffix' in match) return `${match.suffix.includes('/') ? '[^/]*' : `${NAME}/sa/[^/]*`}${whole(match.suffix)}`;
  return expression(match, '');
}

function expression(match: TextMatch, rest: string): string {
  if ('regex' in match) return `(?:${match.regex})`;
  if ('exact' in match) return quoted(match.exact);
  if ('prefix' in match && match.prefix !== '') return `${quoted(match.prefix)}${rest}`;
  if ('suffix' in match && match.suffix !== '') return `${rest}${quoted(match.suffix)}`;
  return NAME;
}

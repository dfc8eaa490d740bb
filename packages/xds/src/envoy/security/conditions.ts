import type { Condition, TextMatch } from '@meshwise/model';
import { cidr } from '../cidr.ts';
import { identityIs } from './identities.ts';
import { headerIs, pathMatcher, textMatcher } from './text-matchers.ts';
import { claimIs, metadataIs, metadataTree, requestPrincipalIs } from './tokens.ts';
import { ALWAYS, type CalledLeaf, type CallerLeaf, type EitherLeaf, leaf, NEVER, type Tree } from './tree.ts';

/** A condition as RBAC asks it, and of whom. */
export type Asked =
  | { readonly of: 'caller'; readonly tree: Tree<CallerLeaf> }
  | { readonly of: 'called'; readonly tree: Tree<CalledLeaf> }
  | { readonly of: 'either'; readonly tree: Tree<EitherLeaf> };

/**
 * `onDoubt`: what a text counts as that RBAC cannot look for. Nothing for rules that let in, everything for those that refuse.
 */
export function askedBy(condition: Condition, onDoubt: 'always' | 'never'): Asked {
  switch (condition.of) {
    case 'principal':
      return caller(alternatives(condition, (match) => identityIs('principal', match)));
    case 'namespace':
      return caller(alternatives(condition, (match) => identityIs('namespace', match)));
    case 'service-account':
      return caller(doubtfully(condition, onDoubt, isExpression, (match) => identityIs('service-account', match)));
    case 'source-ip':
      return caller(alternatives(condition, (range) => leaf({ case: 'directRemoteIp', value: cidr(range) })));
    case 'remote-ip':
      return caller(alternatives(condition, (range) => leaf({ case: 'remoteIp', value: cidr(range) })));
    case 'destination-ip':
      return called(alternatives(condition, (range) => leaf({ case: 'destinationIp', value: cidr(range) })));
    case 'destination-port':
      return called(alternatives(condition, (port) => leaf({ case: 'destinationPort', value: port })));
    case 'server-name':
      return called(
        alternatives(condition, (match) => leaf({ case: 'requestedServerName', value: textMatcher(match) })),
      );
    case 'host':
      // RFC 9110, 4.2.3: names of hosts know no case.
      return either(alternatives(condition, (match) => header(':authority', match, true)));
    case 'method':
      return either(alternatives(condition, (match) => header(':method', match)));
    case 'header':
      return either(alternatives(condition, (match) => header(condition.name, match)));
    case 'path':
      return either(
        alternatives(condition, (match) =>
          leaf({ case: 'urlPath', value: { rule: { case: 'path', value: pathMatcher(match) } } } as EitherLeaf),
        ),
      );
    case 'request-principal':
      return either(doubtfully(condition, onDoubt, isExpression, requestPrincipalIs));
    case 'audience':
      return either(alternatives(condition, (match) => metadataTree(claimIs(['aud'], match))));
    case 'presenter':
      return either(alternatives(condition, (match) => metadataTree(claimIs(['azp'], match))));
    case 'claim':
      return either(alternatives(condition, (match) => metadataTree(claimIs(condition.path, match))));
    case 'metadata':
      return either(
        alternatives(condition, (match) => metadataTree(metadataIs(condition.filter, condition.path, match))),
      );
  }
}

function caller(tree: Tree<CallerLeaf>): Asked {
  return { of: 'caller', tree };
}

function called(tree: Tree<CalledLeaf>): Asked {
  return { of: 'called', tree };
}

function either(tree: Tree<EitherLeaf>): Asked {
  return { of: 'either', tree };
}

function header(name: string, match: TextMatch, ignoreCase = false): Tree<EitherLeaf> {
  return leaf({ case: 'header', value: headerIs(name, match, ignoreCase) });
}

interface Alternatives<T> {
  readonly anyOf: readonly T[];
  readonly noneOf: readonly T[];
}

/** What is not there matches nothing, so nothing of it is excluded. */
function alternatives<T, Leaf>({ anyOf, noneOf }: Alternatives<T>, print: (value: T) => Tree<Leaf>): Tree<Leaf> {
  const wanted: readonly Tree<Leaf>[] = anyOf.length === 0 ? [] : [{ any: anyOf.map(print) }];
  return { all: [...wanted, ...noneOf.map((value): Tree<Leaf> => ({ not: print(value) }))] };
}

function isExpression(match: TextMatch): boolean {
  return 'regex' in match;
}

/** An expression over two things of which Envoy knows each by itself. */
function doubtfully<Leaf>(
  { anyOf, noneOf }: Alternatives<TextMatch>,
  onDoubt: 'always' | 'never',
  isDoubtful: (match: TextMatch) => boolean,
  print: (match: TextMatch) => Tree<Leaf>,
): Tree<Leaf> {
  const [wanted, unwanted] = onDoubt === 'always' ? [ALWAYS, NEVER] : [NEVER, ALWAYS];
  return {
    all: [
      alternatives({ anyOf, noneOf: [] }, (match) => (isDoubtful(match) ? wanted : print(match))),
      alternatives({ anyOf: [], noneOf }, (match) => (isDoubtful(match) ? unwanted : print(match))),
    ],
  };
}

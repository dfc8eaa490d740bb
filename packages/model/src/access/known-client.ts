import type { Carried } from './carried.ts';
import type { Facts } from './conditions.ts';
import { ANYTHING, just, type KnownText, NOTHING, SOMETHING } from './known-text.ts';
import { identityPart } from './principal.ts';

/**
 * Whoever a server is asked about: an identity, somebody without (plain text), an identity that is none of those known,
 * or somebody whose certificate is not of the mesh, of whom nothing is known.
 */
export type KnownClient =
  | { readonly kind: 'identity'; readonly principal: string }
  | { readonly kind: 'plain' }
  | { readonly kind: 'other'; readonly isNone: ReadonlySet<string> }
  | { readonly kind: 'foreign' };

interface Place {
  readonly port: number;
  readonly carried: Carried;
  /** Whether any token can be good here. */
  readonly hasTokens: boolean;
}

/** What is known of all requests that a client may send to a place. */
export function factsOfClient(client: KnownClient, { port, carried, hasTokens }: Place): Facts {
  const principal = principalOf(client);
  return (condition) => {
    switch (condition.of) {
      case 'principal':
        return principal;
      case 'namespace':
      case 'service-account':
        return identityPart(condition.of, principal);
      case 'request-principal':
      case 'audience':
      case 'presenter':
      case 'claim':
        return hasTokens ? ANYTHING : NOTHING;
      case 'host':
      case 'method':
      case 'path':
        return carried === 'http' ? SOMETHING : NOTHING;
      case 'header':
        return carried === 'http' ? ANYTHING : NOTHING;
      case 'server-name':
        return ANYTHING;
      case 'source-ip':
      case 'remote-ip':
      case 'destination-ip':
        return SOMETHING;
      case 'destination-port':
        return just(String(port));
      case 'metadata':
        return ANYTHING;
    }
  };
}

function principalOf(client: KnownClient): KnownText {
  switch (client.kind) {
    case 'identity':
      return just(client.principal);
    case 'plain':
      return NOTHING;
    case 'other':
      return { isThere: true, isNot: client.isNone };
    case 'foreign':
      return ANYTHING;
  }
}

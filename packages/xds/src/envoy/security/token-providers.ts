import { create } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import type { AuthenticationPlan, TokenProvider } from '@meshwise/model';
import {
  JwtAuthenticationSchema,
  type JwtProvider,
  JwtProviderSchema,
} from '../../../gen/envoy/extensions/filters/http/jwt_authn/v3/config_pb.js';
import { packed } from '../packing.ts';
import { acceptableKeys } from './key-sets.ts';
import { TOKEN_PAYLOAD } from './tokens.ts';

/** Texts that are lists of words (RFC 8693, 4.2; Istio). */
const LISTS_OF_WORDS = ['scope', 'permission'];

/**
 * A good token of any provider, or none at all (Istio, RequestAuthentication). What is wrong with a token, and one of an
 * issuer that no provider names, gives 401. Headers in which programs are told of tokens are taken from clients, by Envoy
 * and before anything else.
 */
export function tokenFilter({ providers }: AuthenticationPlan, clearRouteCache: boolean): Any {
  const named = providers.map((provider) => [provider.name, providerOf(provider, clearRouteCache)] as const);
  const good = providers.map(({ name }) => ({ requiresType: { case: 'providerName' as const, value: name } }));
  const missing = { requiresType: { case: 'allowMissing' as const, value: {} } };
  return packed(JwtAuthenticationSchema, {
    providers: Object.fromEntries(named),
    // A browser asks without a token whether it may ask with one (Fetch, CORS-preflight).
    bypassCorsPreflight: true,
    rules: [
      {
        match: { pathSpecifier: { case: 'prefix', value: '/' } },
        requirementType: {
          case: 'requires',
          value: { requiresType: { case: 'requiresAny', value: { requirements: [...good, missing] } } },
        },
      },
    ],
  });
}

export function providerOf(provider: TokenProvider, clearRouteCache: boolean): JwtProvider {
  return create(JwtProviderSchema, {
    issuer: provider.issuer,
    audiences: [...provider.audiences],
    jwksSourceSpecifier: {
      case: 'localJwks',
      value: { specifier: { case: 'inlineString', value: acceptableKeys(provider.keys) } },
    },
    forward: provider.forwardsToken === true,
    fromHeaders: provider.fromHeaders.map(({ name, prefix = '' }) => ({ name, valuePrefix: prefix })),
    fromParams: [...provider.fromParameters],
    fromCookies: [...provider.fromCookies],
    forwardPayloadHeader: provider.payloadHeader ?? '',
    claimToHeaders: provider.claimHeaders.map(({ header, claim }) => ({ headerName: header, claimName: claim })),
    payloadInMetadata: TOKEN_PAYLOAD,
    normalizePayloadInMetadata: { spaceDelimitedClaims: [...LISTS_OF_WORDS, ...(provider.spaceDelimitedClaims ?? [])] },
    clearRouteCache,
  });
}

import type { AuthenticationPlan, TokenProvider } from '../plan.ts';
import type { HttpAccessRequest } from './request.ts';

type Claims = Readonly<Record<string, unknown>>;

/** Whether a server takes the token of a request; `claims` are what conditions may look at. */
export type TokenOutcome =
  | { readonly claims: Claims | undefined }
  | { readonly status: 401 | 403; readonly reason: string };

/**
 * As Istio describes RequestAuthentication: a token is refused with 401 unless one of the providers vouches for it, and
 * with 403 when it is for others; no token is no fault. Without providers nobody looks for one.
 */
export function tokenOutcome(
  authentication: AuthenticationPlan | undefined,
  token: HttpAccessRequest['token'],
): TokenOutcome {
  const providers = authentication?.providers ?? [];
  if (providers.length === 0 || token === undefined) return { claims: undefined };
  if ('bad' in token) return { status: 401, reason: `its token is not good: ${token.bad}` };
  const { iss: issuer, aud: audience } = token.claims;
  const known = providers.filter((provider) => provider.issuer === '' || provider.issuer === issuer);
  if (known.length === 0) return { status: 401, reason: `nobody here knows the issuer ${String(issuer)} of its token` };
  const readable = known.filter(({ keys }) => keys !== undefined);
  if (readable.length === 0) return { status: 401, reason: `the keys of ${String(issuer)} are not known` };
  const audiences: readonly unknown[] = Array.isArray(audience) ? audience : [audience];
  const meant = readable.find((provider) => isMeant(provider, audiences));
  if (meant === undefined) return { status: 403, reason: 'its token is for another audience' };
  return { claims: withWords(token.claims, meant) };
}

function isMeant({ audiences: wanted }: TokenProvider, audiences: readonly unknown[]): boolean {
  return wanted.length === 0 || wanted.some((one) => audiences.includes(one));
}

/** Claims whose text is a list of words. */
const LISTS_OF_WORDS: readonly string[] = ['scope', 'permission'];

function withWords(claims: Claims, { spaceDelimitedClaims = [] }: TokenProvider): Claims {
  const words = [...LISTS_OF_WORDS, ...spaceDelimitedClaims].flatMap((name) => {
    const value = claims[name];
    return typeof value === 'string' ? [[name, value.split(' ').filter((word) => word !== '')] as const] : [];
  });
  return words.length === 0 ? claims : { ...claims, ...Object.fromEntries(words) };
}

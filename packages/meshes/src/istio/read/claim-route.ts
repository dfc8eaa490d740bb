/** Stands where a header does and means a claim of a verified token (Istio, "JWT claim based routing"). */
const CLAIMS = '@request.auth.claims';

export function isClaim(header: string): boolean {
  return header.toLowerCase().startsWith(CLAIMS);
}

/** The names on the way to a claim: `@request.auth.claims.group.id` or `@request.auth.claims[group][id]`; undefined for none. */
export function claimPath(header: string): readonly string[] | undefined {
  if (!isClaim(header)) return undefined;
  const rest = header.slice(CLAIMS.length);
  const names = rest.startsWith('.')
    ? rest.slice(1).split('.')
    : rest.startsWith('[') && rest.endsWith(']')
      ? rest.slice(1, -1).split('][')
      : [''];
  return names.includes('') ? undefined : names;
}

/** A JSON Web Key Set holds a few keys; whoever answers with more than this has none. */
export const MAX_KEY_SET_BYTES = 1_048_576;

/**
 * The keys of a JSON Web Key Set (RFC 7517, 5) that can verify signatures; why the text is none otherwise. None of them is a
 * shared secret: by one that is published anybody could sign.
 */
export function readKeySet(text: string): { readonly keys: readonly unknown[] } | { readonly problem: string } {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null) return { problem: 'it is not a JSON object' };
  const { keys } = value as { readonly keys?: unknown };
  if (!Array.isArray(keys)) return { problem: 'it has no list "keys"' };
  return { keys: keys.filter(isUsable) };
}

/** Asymmetric, and not for encryption (RFC 7517, 4.2; RFC 7518, 6.1; RFC 8037). */
function isUsable(key: unknown): boolean {
  if (typeof key !== 'object' || key === null) return false;
  const { kty, use } = key as { readonly kty?: unknown; readonly use?: unknown };
  return (kty === 'RSA' || kty === 'EC' || kty === 'OKP') && use !== 'enc';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

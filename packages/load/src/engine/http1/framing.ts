/** How a body ends: after so many bytes, or as one of these says. */
export type Framing = number;
/** By its last chunk. */
export const CHUNKED = -1;
/** With the connection. */
export const UNTIL_CLOSE = -2;

/**
 * RFC 9112 6.3, of the members of `Content-Length` and `Transfer-Encoding`. The same length said twice counts as once, different
 * ones are an error (item 5). Both fields together “ought to be handled as an error” (item 3), and are: a generator that guessed
 * would measure something else than others do. Answers with a string, the reason, when the body has no clear end.
 */
export function bodyOf(lengths: readonly string[], codings: readonly string[]): Framing | string {
  if (codings.length > 0) {
    if (lengths.length > 0) return 'it has both a content length and a transfer coding';
    const names = codings.filter((coding) => coding !== '').map((coding) => coding.toLowerCase());
    const at = names.indexOf('chunked');
    if (at === -1) return UNTIL_CLOSE;
    return at === names.length - 1 ? CHUNKED : 'its last transfer coding is not “chunked”';
  }
  const [length] = lengths;
  if (length === undefined) return UNTIL_CLOSE;
  if (!/^[0-9]+$/.test(length)) return `its content length is ${JSON.stringify(length.slice(0, 64))}`;
  if (lengths.some((other) => other !== length)) return 'it has two different content lengths';
  return Number(length);
}

/** `token` of RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What would end a header line. Other control characters are refused with them (RFC 9110, 5.5). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000A-\u001F\u007F]/;
/** The most a proxy takes for one value. */
const MAX_VALUE_BYTES = 16_384;

export function isHeaderName(name: string): boolean {
  return TOKEN.test(name) && name.length <= MAX_VALUE_BYTES;
}

/** Whether a text may stand in a header, and so in what becomes one: a location, an authority, a path. */
export function isHeaderValue(value: string): boolean {
  return !CONTROL.test(value) && new TextEncoder().encode(value).byteLength <= MAX_VALUE_BYTES;
}

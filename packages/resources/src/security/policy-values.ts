const SEGMENT = '{*}';
const SEGMENTS = '{**}';
/** `pchar` of RFC 3986, without the `*` that stands for something else. */
const LITERAL = /^[a-zA-Z0-9-._~%!$&'()+,;:@=]+$/;

/** Whether a path of an AuthorizationPolicy is a template rather than a text. */
export function isPathTemplate(path: string): boolean {
  return path.includes(SEGMENT) || path.includes(SEGMENTS);
}

/** Why a path cannot be one of an AuthorizationPolicy (Istio, `Operation.paths`; Envoy, URI templates); undefined when it can. */
export function pathProblem(path: string): string | undefined {
  const parts = path.replace(/^\/+|\/+$/g, '').split('/');
  const rest = parts.slice(parts.indexOf(SEGMENTS) + 1);
  if (parts.includes(SEGMENTS) && rest.some((part) => part === SEGMENT || part === SEGMENTS))
    return '{**} is not its last operator';
  for (const part of parts) {
    if (part === SEGMENT || part === SEGMENTS) continue;
    if (/[{}]/.test(part)) return 'it has { or } that is no operator';
    if (isPathTemplate(path) && !LITERAL.test(part)) return `its segment ${JSON.stringify(part)} is no text of a path`;
  }
  return undefined;
}

/** Why a text names no service account: `name` or `namespace/name`; undefined when it does. */
export function serviceAccountProblem(text: string): string | undefined {
  if (text.includes('*')) return 'patterns are not possible here';
  if (text.length > 320) return 'it is longer than 320 characters';
  const parts = text.split('/');
  return parts.length > 2 || parts.includes('') ? 'it is neither name nor namespace/name' : undefined;
}

/** An address or a range in CIDR notation (RFC 4632), of IPv4 or IPv6. */
export function isIpBlock(text: string): boolean {
  const [address = '', length, ...more] = text.split('/');
  const bits = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(address)
    ? 32
    : address.includes(':') && /^[0-9a-fA-F:.]+$/.test(address) && URL.canParse(`http://[${address}]`)
      ? 128
      : 0;
  const isLength = length === undefined || (/^(?:0|[1-9]\d{0,2})$/.test(length) && Number(length) <= bits);
  return bits > 0 && isLength && more.length === 0;
}

/** A port as text, as AuthorizationPolicy has them. */
export function isPortText(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}

/** Why a text is no JSON Web Key Set (RFC 7517, 5) that has a key; undefined when it is one. */
export function inlineKeySetProblem(text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  const { keys } = Object(value) as { readonly keys?: unknown };
  if (!Array.isArray(keys)) return 'it has no list "keys"';
  const hasKey = keys.some((key) => typeof (Object(key) as { readonly kty?: unknown }).kty === 'string');
  return hasKey ? undefined : 'none of its keys has a type (kty)';
}

/** Where keys can be fetched: an http or https URL. */
export function isKeyUri(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

import { type FieldReader, isHeaderValue, type RuleAction } from '@meshwise/model';
import { PORTS, readWhole } from './numbers.ts';
import { readPathModifier } from './path-modifier.ts';

type Redirect = Extract<RuleAction, { readonly kind: 'redirect' }>;

/** Those of the API, which are those that a proxy can answer (RFC 9110, 15.4). */
const CODES: readonly number[] = [301, 302, 303, 307, 308];
const DEFAULT_CODE = 302;

/** An HTTPRequestRedirectFilter; undefined, and reported, when it cannot be carried out as it is written. */
export function readRedirect(field: FieldReader): Redirect | undefined {
  const scheme = field.string('scheme');
  const hostname = field.string('hostname');
  const path = readPathModifier(field);
  const port = readWhole(field, 'port', PORTS);
  const status = field.number('statusCode') ?? DEFAULT_CODE;
  const isUnreadable = Object.entries({ scheme, hostname, port }).some(
    ([name, value]) => value === undefined && field.has(name),
  );
  const isUnusable = [
    refuse(field, 'statusCode', CODES.includes(status), `is none of ${CODES.join(', ')}`),
    refuse(field, 'scheme', scheme === undefined || /^https?$/.test(scheme), 'is neither http nor https'),
    refuse(field, 'hostname', isHeaderValue(hostname ?? ''), 'has characters that no host can have'),
  ].includes(true);
  if (field.rest() || isUnreadable || isUnusable || path === 'refused') return undefined;
  return {
    kind: 'redirect',
    ...(path === undefined ? {} : path.kind === 'full' ? { path: path.path } : { pathPrefix: path.path }),
    ...(hostname === undefined ? {} : { authority: hostname }),
    ...(scheme === undefined ? {} : { scheme }),
    // The port that belongs to a scheme that is named, otherwise the one that was asked (HTTPRequestRedirectFilter, `port`).
    port: port ?? (scheme === undefined ? 'from-request' : scheme === 'https' ? 443 : 80),
    status,
  };
}

/** True, and reported, for a value that is not right. */
function refuse(field: FieldReader, name: string, isRight: boolean, message: string): boolean {
  if (!isRight) field.unsupported(name, message);
  return !isRight;
}

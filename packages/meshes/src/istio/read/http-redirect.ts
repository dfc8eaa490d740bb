import { type FieldReader, isHeaderValue, type RuleAction } from '@meshwise/model';
import { PORTS, readWhole } from './numbers.ts';

type Redirect = Extract<RuleAction, { readonly kind: 'redirect' }>;

/** Those that a proxy can answer (RFC 9110, 15.4). */
const CODES: readonly number[] = [301, 302, 303, 307, 308];

/** `redirect` of an HTTP rule; undefined, and reported, when it cannot be carried out as it is written. */
export function readRedirect(field: FieldReader): Redirect | undefined {
  const uri = readText(field, 'uri');
  const prefixRewrite = readText(field, 'prefixRewrite');
  const authority = readText(field, 'authority');
  const scheme = readText(field, 'scheme');
  const port = readPort(field);
  // 301 is what the API says for a redirect without a code; 0 is unset in protobuf.
  const status = field.number('redirectCode') || 301;
  if (!CODES.includes(status)) field.unsupported('redirectCode', `is none of ${CODES.join(', ')}`);
  const isUnreadable = [uri, prefixRewrite, authority, scheme, port].includes('refused');
  if (field.rest() || isUnreadable || !CODES.includes(status)) return undefined;
  if (uri !== undefined && prefixRewrite !== undefined) field.invalid('prefixRewrite', 'has no effect beside uri');
  return {
    kind: 'redirect',
    ...(uri === undefined ? {} : { path: uri }),
    ...(prefixRewrite === undefined || uri !== undefined ? {} : { pathPrefix: prefixRewrite }),
    ...(authority === undefined ? {} : { authority }),
    ...(scheme === undefined ? {} : { scheme }),
    ...(port === undefined || port === 'refused' ? {} : { port }),
    status,
  };
}

const SCHEMES: readonly string[] = ['http', 'https'];

function readText(field: FieldReader, name: string): string | undefined {
  const text = field.string(name);
  if (text === undefined || text === '') return field.has(name) && text === undefined ? 'refused' : undefined;
  const isKnown = name !== 'scheme' || SCHEMES.includes(text);
  if (isHeaderValue(text) && isKnown) return text;
  field.invalid(name, isKnown ? 'has characters that no header can have' : 'is neither http nor https');
  return 'refused';
}

function readPort(field: FieldReader): Redirect['port'] | 'refused' {
  const derived = field.string('derivePort');
  if (derived === 'FROM_PROTOCOL_DEFAULT') return 'protocol-default';
  if (derived === 'FROM_REQUEST_PORT') return 'from-request';
  if (derived !== undefined) field.invalid('derivePort', 'is neither FROM_PROTOCOL_DEFAULT nor FROM_REQUEST_PORT');
  if (field.has('derivePort')) return 'refused';
  if (field.number('port') === 0) return undefined;
  const port = readWhole(field, 'port', PORTS);
  return port === undefined && field.has('port') ? 'refused' : port;
}

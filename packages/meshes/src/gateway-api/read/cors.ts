import { type CorsPolicy, type FieldReader, isHeaderName, type StringMatch } from '@meshwise/model';
import { isCorsOrigin } from '@meshwise/resources';
import { readWhole } from './numbers.ts';

/** What the API says browsers may remember where nothing is written. */
const DEFAULT_MAX_AGE_SECONDS = 5;
const ALL_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];
const MOST = 0x7fff_ffff;

/** An HTTPCORSFilter. What cannot be read of it allows nothing. */
export function readCors(field: FieldReader): CorsPolicy {
  const allowCredentials = field.boolean('allowCredentials') ?? false;
  const maxAgeSeconds = field.has('maxAge') ? readWhole(field, 'maxAge', { from: 1, to: MOST }) : undefined;
  const methods = readTokens(field, 'allowMethods');
  const policy: CorsPolicy = {
    allowOrigins: readOrigins(field),
    // With credentials `*` is a name like any other (Fetch standard, 3.2.3): the names that it stands for are said.
    allowMethods: allowCredentials && methods.includes('*') ? ALL_METHODS : methods,
    allowHeaders: withoutWildcard(field, 'allowHeaders', allowCredentials),
    exposeHeaders: withoutWildcard(field, 'exposeHeaders', allowCredentials),
    maxAgeMs: (maxAgeSeconds ?? DEFAULT_MAX_AGE_SECONDS) * 1000,
    // False is said by leaving the header out.
    ...(allowCredentials ? { allowCredentials } : {}),
    unmatchedPreflights: 'ignore',
  };
  field.rest();
  return policy;
}

function readTokens(field: FieldReader, name: string): readonly string[] {
  const written = field.strings(name) ?? [];
  const tokens = written.filter(isHeaderName);
  if (tokens.length < written.length) field.invalid(name, 'has items that are no names');
  return tokens;
}

/** Header names have no end, so that nothing can be said in place of `*`. */
function withoutWildcard(field: FieldReader, name: string, allowCredentials: boolean): readonly string[] {
  const tokens = readTokens(field, name);
  if (!allowCredentials || !tokens.includes('*')) return tokens;
  field.unsupported(name, '* is not carried out beside allowCredentials: browsers take it for a name');
  return tokens.filter((token) => token !== '*');
}

function readOrigins(field: FieldReader): readonly StringMatch[] {
  const written = field.strings('allowOrigins') ?? [];
  const wrong = written.filter((origin) => !isCorsOrigin(origin));
  for (const origin of wrong) field.invalid('allowOrigins', `${origin} is no origin`);
  return written.filter((origin) => !wrong.includes(origin)).map(originMatch);
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: ':80', https: ':443' };

/** Browsers leave out the port that belongs to the scheme (RFC 6454, 6.2). `*` takes labels and their dots. */
function originMatch(origin: string): StringMatch {
  if (origin === '*') return { present: true };
  const [scheme = '', rest = ''] = origin.split('://');
  const usual = DEFAULT_PORTS[scheme] ?? '';
  const host = rest.endsWith(usual) ? rest.slice(0, rest.length - usual.length) : rest;
  if (!host.includes('*')) return { exact: `${scheme}://${host}` };
  return { regex: `${scheme}://${host.replaceAll('.', '\\.').replace('*', '[^/:]+')}` };
}

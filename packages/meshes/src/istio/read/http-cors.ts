import { type CorsPolicy, type FieldReader, isHeaderName, type StringMatch } from '@meshwise/model';
import { readDurationMs } from './numbers.ts';
import { readStringMatch } from './string-match.ts';

/** `corsPolicy` of an HTTP rule. What cannot be read of it allows nothing. */
export function readCors(field: FieldReader | undefined): CorsPolicy | undefined {
  if (field === undefined) return undefined;
  const origins = field.list('allowOrigins').flatMap((origin) => readOrigin(origin));
  // The older field: exact names. Istio looks at it only where the newer one is absent.
  const older = field.strings('allowOrigin') ?? [];
  const maxAgeMs = readDurationMs(field, 'maxAge');
  const allowCredentials = field.boolean('allowCredentials');
  const unmatchedPreflights = readUnmatched(field);
  const policy: CorsPolicy = {
    allowOrigins: field.has('allowOrigins') ? origins : older.map((exact) => ({ exact })),
    allowMethods: readTokens(field, 'allowMethods'),
    allowHeaders: readTokens(field, 'allowHeaders'),
    exposeHeaders: readTokens(field, 'exposeHeaders'),
    ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
    ...(allowCredentials === undefined ? {} : { allowCredentials }),
    ...(unmatchedPreflights === undefined ? {} : { unmatchedPreflights }),
  };
  field.rest();
  return policy;
}

function readOrigin(field: FieldReader): readonly StringMatch[] {
  const match = readStringMatch(field);
  if (match === 'refused') return [];
  const isEmpty =
    match === undefined || ('exact' in match && match.exact === '') || ('prefix' in match && match.prefix === '');
  if (isEmpty) field.invalid(undefined, 'says nothing about the origin');
  return isEmpty ? [] : [match];
}

/** Methods and header names, which are tokens (RFC 9110, 9.1 and 5.1), or `*`. */
function readTokens(field: FieldReader, name: string): readonly string[] {
  const written = field.strings(name) ?? [];
  const tokens = written.filter(isHeaderName);
  if (tokens.length < written.length) field.invalid(name, 'has items that are no names');
  return tokens;
}

function readUnmatched(field: FieldReader): CorsPolicy['unmatchedPreflights'] {
  const text = field.string('unmatchedPreflights');
  if (text === undefined || text === 'UNSPECIFIED') return undefined;
  if (text === 'FORWARD') return 'forward';
  if (text === 'IGNORE') return 'ignore';
  field.invalid('unmatchedPreflights', 'is neither FORWARD nor IGNORE');
  return undefined;
}

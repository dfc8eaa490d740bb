import { type FieldReader, isHeaderValue, type Rewrite, readRegularExpression } from '@meshwise/model';

/** `rewrite` of an HTTP rule. Of both forms of a path, which Istio does not accept, the regular expression holds. */
export function readRewrite(field: FieldReader | undefined): Rewrite | undefined {
  if (field === undefined) return undefined;
  const path = readText(field, 'uri');
  const authority = readText(field, 'authority');
  const regexField = field.object('uriRegexRewrite');
  const pathRegex = regexField === undefined ? undefined : readRegexRewrite(regexField);
  if (path !== undefined && pathRegex !== undefined) field.invalid('uri', 'has no effect beside uriRegexRewrite');
  field.rest();
  if (path === undefined && authority === undefined && pathRegex === undefined) return undefined;
  return {
    ...(path === undefined || pathRegex !== undefined ? {} : { path }),
    ...(authority === undefined ? {} : { authority }),
    ...(pathRegex === undefined ? {} : { pathRegex }),
  };
}

function readText(field: FieldReader, name: string): string | undefined {
  const text = field.string(name);
  if (text === undefined || text === '') return undefined;
  if (isHeaderValue(text)) return text;
  field.invalid(name, 'has characters that no header can have');
  return undefined;
}

function readRegexRewrite(field: FieldReader): Rewrite['pathRegex'] {
  const pattern = readRegularExpression(field, 'match');
  const substitution = field.string('rewrite');
  field.rest();
  if (pattern === undefined || substitution === undefined || substitution === '') {
    if (!field.has('match')) field.invalid('match', 'is missing');
    if (substitution === undefined || substitution === '') field.invalid('rewrite', 'is missing');
    return undefined;
  }
  const wrong = wrongReference(pattern, substitution);
  if (wrong === undefined && isHeaderValue(substitution)) return { pattern, substitution };
  field.invalid('rewrite', wrong === undefined ? 'has characters that no path can have' : `has ${wrong}`);
  return undefined;
}

/** RE2's substitutions know `\0` to `\9` and `\\` (RE2::CheckRewriteString); named groups have numbers, too. */
function wrongReference(pattern: string, substitution: string): string | undefined {
  const groups = groupsOf(pattern);
  for (const [written, after = ''] of substitution.matchAll(/\\(.?)/gs)) {
    if (after === '\\') continue;
    if (!/^[0-9]$/.test(after)) return `${written}, which stands for nothing`;
    if (Number(after) > groups) return `${written}, but the expression has ${groups} groups`;
  }
  return undefined;
}

function groupsOf(pattern: string): number {
  const bare = pattern.replaceAll(/\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]/gs, '');
  return [...bare.matchAll(/\((?!\?)|\(\?P?</g)].length;
}

import { resolvePlain } from './scalars.ts';

type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

const token =
  / *(?:([{}[\],])|"([^"\\]*)"(?= *[\]},]| *$)|'([^']*)'(?= *[\]},]| *$)|([A-Za-z_][\w./-]*): +|([A-Za-z0-9_/.*+][\w./*+@%-]*(?::[\w./*+@%-]*[\w/])?(?: [A-Za-z0-9_]+)*)(?= *[\]},]))/y;

/**
 * A map or list in flow style on one line (`{ app: a, version: v1 }`) for the fast reader, in the same spirit: undefined
 * for everything that is not plainly so, such as a key without a space after its colon, aliases, or an empty item.
 */
export function readFastFlow(text: string, maxDepth: number): Value | undefined {
  // The pattern backtracks within a scalar; a short line bounds what that can cost.
  if (text.length > 1000) return undefined;
  const tokens = scan(text);
  if (tokens === undefined) return undefined;
  let at = 0;
  const value = (depth: number): Value | undefined => {
    const next = tokens[at++];
    if (next === undefined || depth > maxDepth) return undefined;
    if (next.kind === 'value') return next.value;
    if (next.kind === 'mark' && next.mark === '{') return map(depth);
    return next.kind === 'mark' && next.mark === '[' ? list(depth) : undefined;
  };
  const isMark = (mark: string) => {
    const next = tokens[at];
    return next?.kind === 'mark' && next.mark === mark;
  };
  const map = (depth: number): Value | undefined => {
    const result: { [key: string]: Value } = {};
    while (!isMark('}')) {
      const key = tokens[at++];
      if (key?.kind !== 'key' || Object.hasOwn(result, key.key)) return undefined;
      const member = value(depth + 1);
      if (member === undefined) return undefined;
      result[key.key] = member;
      if (isMark(',')) at++;
      else if (!isMark('}')) return undefined;
    }
    at++;
    return result;
  };
  const list = (depth: number): Value | undefined => {
    const result: Value[] = [];
    while (!isMark(']')) {
      const item = value(depth + 1);
      if (item === undefined) return undefined;
      result.push(item);
      if (isMark(',')) at++;
      else if (!isMark(']')) return undefined;
    }
    at++;
    return result;
  };
  const result = value(1);
  return at === tokens.length ? result : undefined;
}

type Token =
  | { readonly kind: 'mark'; readonly mark: string }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'value'; readonly value: Value };

function scan(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null) return undefined;
    const [, mark, double, single, key, plain] = match;
    if (mark !== undefined) tokens.push({ kind: 'mark', mark });
    else if (key !== undefined) {
      if (key === '__proto__' || resolvePlain(key) !== key) return undefined;
      tokens.push({ kind: 'key', key });
    } else if (plain !== undefined) {
      const value = resolvePlain(plain);
      if (plain.startsWith('*') || (typeof value === 'number' && !Number.isFinite(value))) return undefined;
      tokens.push({ kind: 'value', value });
    } else tokens.push({ kind: 'value', value: double ?? single ?? '' });
  }
  return tokens;
}

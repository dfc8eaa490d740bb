import { type FieldReader, isHeaderValue, type Rewrite } from '@meshwise/model';
import { readPathModifier } from './path-modifier.ts';

/** An HTTPURLRewriteFilter; undefined, and reported, when it cannot be carried out as it is written. */
export function readRewrite(field: FieldReader): Rewrite | undefined {
  const hostname = field.string('hostname');
  const path = readPathModifier(field);
  const isHostWrong = field.has('hostname') && (hostname === undefined || !isHeaderValue(hostname));
  if (hostname !== undefined && isHostWrong) field.invalid('hostname', 'has characters that no host can have');
  if (field.rest() || isHostWrong || path === 'refused') return undefined;
  return {
    ...(hostname === undefined ? {} : { authority: hostname }),
    ...(path === undefined ? {} : path.kind === 'prefix' ? { path: path.path } : { pathRegex: whole(path.path) }),
  };
}

/** The whole path, whatever was matched of it. */
function whole(path: string): NonNullable<Rewrite['pathRegex']> {
  return { pattern: '^.*$', substitution: path.replaceAll('\\', '\\\\') };
}

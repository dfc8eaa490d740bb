import { type FieldReader, isHeaderValue } from '@meshwise/model';

export type PathModifier =
  | { readonly kind: 'full'; readonly path: string }
  /** Takes the place of the prefix that was matched. */
  | { readonly kind: 'prefix'; readonly path: string };

/** An HTTPPathModifier; 'refused', and reported, when it does not say what to replace. */
export function readPathModifier(owner: FieldReader): PathModifier | undefined | 'refused' {
  const field = owner.object('path');
  if (field === undefined) return owner.has('path') ? 'refused' : undefined;
  const type = field.string('type');
  const full = field.string('replaceFullPath');
  const prefix = field.string('replacePrefixMatch');
  const isUnknown = field.rest();
  const member = type === 'ReplaceFullPath' ? 'replaceFullPath' : 'replacePrefixMatch';
  const path = member === 'replaceFullPath' ? full : prefix;
  if (type !== 'ReplaceFullPath' && type !== 'ReplacePrefixMatch') {
    field.invalid('type', 'is neither ReplaceFullPath nor ReplacePrefixMatch');
  } else if (path === undefined) {
    field.invalid(member, 'is missing');
  } else if (!isHeaderValue(path)) {
    field.invalid(member, 'has characters that no path can have');
  } else if (!isUnknown) {
    return { kind: type === 'ReplaceFullPath' ? 'full' : 'prefix', path };
  }
  return 'refused';
}

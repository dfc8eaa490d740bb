import { type ImageReference, spellings } from './image-reference.ts';

/**
 * Whether a catalogue pattern is for an image. `*` stands for any characters but a slash and `**` followed by a slash
 * for any folders or none, the registry among them. A pattern without a tag is for every tag.
 */
export function matchesImage(pattern: string, image: ImageReference): boolean {
  const { name, tag } = splitTag(pattern);
  if (tag !== undefined && !toRegExp(tag).test(image.tag ?? '')) return false;
  const expression = toRegExp(name);
  return spellings(image).some((spelling) => expression.test(spelling));
}

/** Orders patterns: one without wildcards before any with, then by how much of the name is spelt out. */
export function specificity(pattern: string): number {
  const literal = pattern.replaceAll('**/', '').replaceAll('*', '').length;
  return pattern.includes('*') ? literal : literal + 10_000;
}

function splitTag(pattern: string): { readonly name: string; readonly tag: string | undefined } {
  const colon = pattern.lastIndexOf(':');
  if (colon <= pattern.lastIndexOf('/')) return { name: pattern, tag: undefined };
  return { name: pattern.slice(0, colon), tag: pattern.slice(colon + 1) };
}

function toRegExp(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*\/|\*)/).map((part) => {
    if (part === '**/') return '(?:.*/)?';
    return part === '*' ? '[^/]*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}

import type { TextMatch } from '@meshwise/model';

/** The forms that a text of an AuthorizationPolicy has: `abc`, `abc*`, `*abc`, and `*` for any that is not empty (Istio, Rule). */
export function textPattern(text: string): TextMatch {
  if (text === '*') return { present: true };
  if (text.startsWith('*')) return { suffix: text.slice(1) };
  return text.endsWith('*') ? { prefix: text.slice(0, -1) } : { exact: text };
}

/** A namespace, in which `*` may stand anywhere. */
export function namespacePattern(text: string): TextMatch {
  const pattern = textPattern(text);
  const [rest = ''] = Object.values(pattern).filter((part) => typeof part === 'string');
  if (!rest.includes('*')) return pattern;
  return { regex: text.split('*').map(escaped).join('.*') };
}

/** Whether a `*` in the text stands for itself, as it does anywhere but at the end that is looked at. */
export function hasLiteralStar(text: string): boolean {
  const [rest = ''] = Object.values(textPattern(text)).filter((part) => typeof part === 'string');
  return rest.includes('*');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

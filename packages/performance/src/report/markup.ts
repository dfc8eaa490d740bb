import { escapeXml } from '../charts/render-svg.ts';

/** HTML that is safe to put into a document. Made by `html` and `trusted` only. */
export interface Markup {
  readonly html: string;
}

type Value = string | number | Markup | readonly Markup[] | null;

/** A template whose values are escaped, unless they are markup themselves: what a user named cannot become an element. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return {
    html: parts.map((part, index) => part + (index < values.length ? escaped(values[index] ?? null) : '')).join(''),
  };
}

/** What has been escaped by whoever made it: a drawing, a style sheet. */
export function trusted(text: string): Markup {
  return { html: text };
}

function escaped(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeXml(String(value));
  return 'html' in value ? value.html : value.map((one) => one.html).join('');
}

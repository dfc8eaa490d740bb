import { signedText, UNKNOWN } from '../charts/units.ts';
import type { Difference, Estimate } from '../record/experiment-record.ts';
import { html, type Markup } from './markup.ts';

type Text = (value: number) => string;

/** A value with its interval below it. */
export function estimateCell({ value, low, high }: Estimate, text: Text): Markup {
  if (value === null) return html`${UNKNOWN}`;
  const range = low === null || high === null ? 'no interval' : `${text(low)} to ${text(high)}`;
  return html`${text(value)}<span class="about">${range}</span>`;
}

/** A difference with its interval below it; one that is within noise is not given a value that could be taken for one. */
export function differenceCell({ value, low, high, verdict }: Difference, text: Text): Markup {
  if (value === null) return html`${UNKNOWN}`;
  const range = low === null || high === null ? 'no interval' : `${signedText(low, text)} to ${signedText(high, text)}`;
  return html`${verdict === 'within noise' ? verdict : signedText(value, text)}<span class="about">${range}</span>`;
}

/** Letters that take about a whole em: CJK and what stands beyond the basic plane. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]|[\u{10000}-\u{10ffff}]/u;
const FONT_PX = 11;

/** About how wide a text of a chart is, rather more than less: there is no font to measure it with. */
export function textWidth(text: string): number {
  let ems = 0;
  for (const letter of text)
    ems += WIDE.test(letter) ? 1.1 : /[MW@%mw—]/.test(letter) ? 0.92 : /[A-Z]/.test(letter) ? 0.72 : 0.6;
  return ems * FONT_PX;
}

/** As much of the text as fits, with an ellipsis when something is missing. */
export function fitText(text: string, widthPx: number): string {
  const whole = plainText(text);
  if (textWidth(whole) <= widthPx) return whole;
  let kept = '';
  for (const letter of whole) {
    if (textWidth(`${kept}${letter}…`) > widthPx) break;
    kept += letter;
  }
  return kept === '' ? '' : `${kept.trimEnd()}…`;
}

/**
 * One line without anything invisible: characters that no XML document may hold, and those that turn the direction of writing,
 * with which a name could rearrange what stands beside it.
 */
export function plainText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g, '');
}

import { renderSvg } from '../charts/render-svg.ts';
import type { ChartScene, ChartSize } from '../charts/scene.ts';
import { UNKNOWN } from '../charts/units.ts';
import { html, type Markup, trusted } from './markup.ts';
import { REPORT_STYLE } from './report-style.ts';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export interface ReportDocument {
  readonly kind: string;
  readonly title: string;
  readonly subtitle: string;
  readonly content: readonly Markup[];
  readonly footer: string;
}

/** A file that needs nothing else. Its policy forbids it scripts and the network, should anything ever get past the escaping. */
export function reportDocument({ kind, title, subtitle, content, footer }: ReportDocument): string {
  const { html: text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Meshwise">
<title>${title} · ${kind}</title>
<style>${trusted(REPORT_STYLE)}</style>
</head>
<body>
<header><p class="kind">${kind}</p><h1>${title}</h1><p class="sub">${subtitle}</p></header>
<main>${content}</main>
<footer>${footer}</footer>
</body>
</html>
`;
  return text;
}

export function section(title: string, ...content: readonly Markup[]): Markup {
  return html`<section><h2>${title}</h2>${content}</section>`;
}

/** The one sentence that decides, with its word in front. */
export function lineOf(tone: Tone, word: string, text: string): Markup {
  return html`<p class="line ${tone}"><b>${word}</b> <span>${text}</span></p>`;
}

export type Tone = 'good' | 'doubt' | 'bad' | 'plain';

export function list(items: readonly string[], className = ''): Markup {
  return html`<ul class="${className}">${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

export function facts(pairs: readonly (readonly [string, string])[], className = 'facts'): Markup {
  return html`<dl class="${className}">${pairs.map(([term, text]) => html`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>`;
}

export type Cell = string | Markup;

/** The first cell of a row is its heading. A table wider than the page scrolls, and can be scrolled by keys. */
export function table(
  label: string,
  headings: readonly string[],
  rows: readonly (readonly Cell[])[],
  className = '',
): Markup {
  const head = headings.map((heading, index) =>
    heading === '' && index === 0 ? html`<td></td>` : html`<th scope="col">${heading === '' ? UNKNOWN : heading}</th>`,
  );
  const body = rows.map(([first = '', ...cells]) => {
    return html`<tr><th scope="row">${first}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table class="${className}"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

const [WIDE_PX, NARROW_PX] = [500, 330];

/** A drawing in two widths, of which one is shown, with what it says in a sentence and as a table. */
export function chart(draw: (size: ChartSize) => ChartScene): Markup {
  const [wide, narrow] = [draw({ width: WIDE_PX }), draw({ width: NARROW_PX })];
  const svg = (scene: ChartScene, idPrefix: string) => trusted(renderSvg(scene, { bare: true, idPrefix }));
  const { title, summary, table: twin } = wide;
  return html`<figure><h3>${title}</h3><div class="wide">${svg(wide, 'wide-')}</div><div class="narrow">${svg(narrow, 'narrow-')}</div><figcaption>${summary}</figcaption>${
    twin.rows.length === 0
      ? null
      : html`<details><summary>As a table</summary>${table(`${title}, as a table`, twin.headings, twin.rows)}</details>`
  }</figure>`;
}

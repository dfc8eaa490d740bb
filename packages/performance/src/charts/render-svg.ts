import { CHART_STYLE } from './chart-style.ts';
import type { ChartScene, Series } from './scene.ts';
import { plainText } from './text.ts';

export interface SvgOptions {
  /** Light, dark, or as the reader's system prefers. */
  readonly theme?: 'light' | 'dark' | 'auto';
  /** Without a style sheet, for a document that has `CHART_STYLE` already. */
  readonly bare?: boolean;
  /** Makes ids unique among several drawings of a document. */
  readonly idPrefix?: string;
}

/** A drawing as a file of its own. Every text is escaped; there is no script, no address and nothing to fetch in it. */
export function renderSvg(scene: ChartScene, options: SvgOptions = {}): string {
  const { theme = 'auto', bare = false, idPrefix = '' } = options;
  const id = `${idPrefix}${scene.name}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="mw-chart${theme === 'auto' ? '' : ` mw-${theme}`}" viewBox="0 0 ${scene.width} ${scene.height}" width="${scene.width}" height="${scene.height}" role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `<title id="${id}-title">${escapeXml(scene.title)}</title>`,
    `<desc id="${id}-desc">${escapeXml(scene.summary)}</desc>`,
    bare ? '' : `<style>${CHART_STYLE}</style><rect class="mw-ground" width="100%" height="100%"/>`,
    ...scene.axes.map(({ grid, line }) => path('mw-grid', grid) + path('mw-axis', line)),
    ...scene.series.map(renderSeries),
    ...scene.texts.map(
      ({ kind, x, y, anchor, text }) =>
        `<text class="mw-${kind}" x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escapeXml(text)}</text>`,
    ),
    '</svg>',
  ].join('');
}

function renderSeries({ label, tone, dash, marks }: Series): string {
  const paths = marks.map(({ shape, d }) => path(`mw-${shape}`, d)).join('');
  return `<g class="mw-tone-${tone} mw-dash-${dash}"><title>${escapeXml(label)}</title>${paths}</g>`;
}

function path(className: string, d: string): string {
  return d === '' ? '' : `<path class="${className}" d="${d}"/>`;
}

const round = (value: number) => Math.round(value * 10) / 10;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for an element or a quoted attribute of XML or HTML. */
export function escapeXml(text: string): string {
  return plainText(text).replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? '');
}

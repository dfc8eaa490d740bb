import { CHART_STYLE } from './chart-style.ts';
import { renderSvg } from './render-svg.ts';
import type { ChartScene } from './scene.ts';

const GAP = 24;

/** Several drawings under each other in one file. Empty of drawings, it says so. */
export function svgSheet(scenes: readonly ChartScene[]): string {
  const width = Math.max(360, ...scenes.map((scene) => scene.width));
  let top = GAP;
  const drawn = scenes.map((scene, index) => {
    const text = renderSvg(scene, { bare: true, idPrefix: `${index}-` });
    const placed = `<g transform="translate(${GAP} ${top})">${text}</g>`;
    top += scene.height + GAP;
    return placed;
  });
  const height = scenes.length === 0 ? 80 : top;
  const nothing = '<text class="mw-note" x="24" y="44">Nothing was measured.</text>';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="mw-chart" viewBox="0 0 ${width + 2 * GAP} ${height}" width="${width + 2 * GAP}" height="${height}">`,
    `<style>${CHART_STYLE}</style><rect class="mw-ground" width="100%" height="100%"/>`,
    ...(scenes.length === 0 ? [nothing] : drawn),
    '</svg>\n',
  ].join('');
}

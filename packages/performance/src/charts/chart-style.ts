/**
 * Colours and lines of charts in both themes. Tones stay apart with any colour vision (after Okabe and Ito, "Color Universal
 * Design", 2008), each with a contrast of at least 3 to 1 to the ground, and are never all there is: dashes and markers differ too.
 */
const LIGHT =
  '--mw-chart-ground:#fff;--mw-chart-text:#16201e;--mw-chart-soft:#4b5854;--mw-chart-grid:#e3e8e6;--mw-chart-axis:#85908c;--mw-chart-one:#0067a5;--mw-chart-two:#c04a00;--mw-chart-three:#00795b;--mw-chart-four:#9b3f7e;--mw-chart-five:#7a6200;--mw-chart-bad:#b0221a;--mw-chart-quiet:#7a8682';
const DARK =
  '--mw-chart-ground:#151c1b;--mw-chart-text:#e5ebe9;--mw-chart-soft:#b0bdb9;--mw-chart-grid:#28322f;--mw-chart-axis:#72807b;--mw-chart-one:#62b6ee;--mw-chart-two:#ff9d66;--mw-chart-three:#4fcfa2;--mw-chart-four:#e79aca;--mw-chart-five:#e0c653;--mw-chart-bad:#ff958b;--mw-chart-quiet:#8b9894';

const tones = ['one', 'two', 'three', 'four', 'five', 'bad', 'quiet']
  .map((tone) => `.mw-tone-${tone}{color:var(--mw-chart-${tone})}`)
  .join('');

const dashes = ['7 3', '2 3', '9 3 2 3', '4 4']
  .map((dash, index) => `.mw-dash-${index + 1} .mw-line{stroke-dasharray:${dash}}`)
  .join('');

export const CHART_STYLE = [
  `.mw-chart{${LIGHT};font:11px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}`,
  `@media (prefers-color-scheme:dark){.mw-chart:not(.mw-light){${DARK}}}`,
  `.mw-chart.mw-dark{${DARK}}`,
  '@media print{.mw-chart.mw-chart{',
  LIGHT,
  '}}',
  tones,
  '.mw-ground{fill:var(--mw-chart-ground)}',
  '.mw-chart path{fill:none;stroke-linejoin:round;stroke-linecap:butt}',
  'path.mw-grid{stroke:var(--mw-chart-grid)}path.mw-axis{stroke:var(--mw-chart-axis)}',
  '.mw-chart text{fill:var(--mw-chart-soft)}.mw-chart .mw-heading{fill:var(--mw-chart-text);font-size:13px;font-weight:600}.mw-chart .mw-label,.mw-chart .mw-value{fill:var(--mw-chart-text)}',
  '.mw-line{stroke:currentColor;stroke-width:1.75}.mw-whisker{stroke:currentColor;stroke-width:2}',
  '.mw-chart .mw-fill{fill:currentColor;fill-opacity:.14}.mw-chart .mw-bar,.mw-chart .mw-dot{fill:currentColor}',
  dashes,
].join('');

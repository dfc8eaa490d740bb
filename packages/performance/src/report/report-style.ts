import { CHART_STYLE } from '../charts/chart-style.ts';

const LIGHT =
  '--bg:#f4f6f5;--surface:#fff;--line:#dde3e0;--text:#16201e;--soft:#43504c;--accent:#0b665e;--good:#1b6c3f;--good-soft:#e3f2e8;--doubt:#875100;--doubt-soft:#fcf1da;--bad:#b0221a;--bad-soft:#fdebe8';
const DARK =
  '--bg:#0e1413;--surface:#151c1b;--line:#2a3532;--text:#e5ebe9;--soft:#b8c4c0;--accent:#63cbbc;--good:#74cf9a;--good-soft:#14291d;--doubt:#ebb866;--doubt-soft:#2d2310;--bad:#ff958b;--bad-soft:#331917';

/** Of the report: both themes, a phone's width, paper. No font, no picture and nothing else that would have to be fetched. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:400 15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
header,main,footer{max-width:1120px;margin:0 auto;padding:0 24px}
header{padding-top:36px}
h1{margin:0;font-size:26px;font-weight:650;letter-spacing:-.015em;line-height:1.2;overflow-wrap:anywhere}
h2{margin:0 0 12px;font-size:17px;font-weight:650;letter-spacing:-.005em}
h3{margin:0 0 8px;font-size:14px;font-weight:600}
p{margin:0}
.kind{color:var(--accent);font-size:13px;font-weight:600}
.sub{color:var(--soft);margin-top:4px;overflow-wrap:anywhere}
section{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:20px 22px;margin-top:16px}
.line{display:flex;gap:12px;align-items:baseline;padding:14px 18px;border-radius:10px;margin-top:16px;overflow-wrap:anywhere}
.line b{flex:none;font-weight:650}
.good{background:var(--good-soft)}.good b{color:var(--good)}
.doubt{background:var(--doubt-soft)}.doubt b{color:var(--doubt)}
.bad{background:var(--bad-soft)}.bad b{color:var(--bad)}
ul{margin:0;padding-left:20px}li{margin:3px 0;overflow-wrap:anywhere}
.checks{list-style:none;padding:0}.checks li{display:grid;grid-template-columns:96px 1fr;gap:12px}
.mark-good{color:var(--good);font-weight:600}.mark-doubt{color:var(--doubt);font-weight:600}.mark-bad{color:var(--bad);font-weight:600}
.plain{background:var(--surface);border:1px solid var(--line)}.plain b{color:var(--accent)}
.big{display:grid;grid-template-columns:repeat(auto-fit,minmax(128px,1fr));gap:14px 22px;margin:0 0 14px}
.big dt{color:var(--soft);font-size:13px}.big dd{margin:0;font-size:22px;font-weight:600;letter-spacing:-.01em;line-height:1.3}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{padding:7px 14px 7px 0;text-align:right;vertical-align:baseline;border-bottom:1px solid var(--line);white-space:nowrap}
tbody tr:last-child>*{border-bottom:0}
th:first-child,td:first-child{text-align:left}
th{font-weight:600}thead th{color:var(--soft);font-size:13px;font-weight:500}
.words th,.words td{text-align:left;white-space:normal;overflow-wrap:anywhere;min-width:110px}
.about{display:block;color:var(--soft);font-size:13px;font-weight:400}th .about{white-space:normal;min-width:220px;max-width:420px}
table.compared td .about{white-space:normal}.about.mark-good{color:var(--good)}.about.mark-bad{color:var(--bad)}.compared th{min-width:118px;white-space:normal;overflow-wrap:anywhere}
.small{color:var(--soft);font-size:13px}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:6px 22px;margin:0}
.scroll+.facts{margin-top:14px}.facts div{display:contents}.facts dt{color:var(--soft)}.facts dd{margin:0;overflow-wrap:anywhere}
.charts{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:28px 36px}
figure{margin:0;min-width:0}figure svg{display:block;width:100%;height:auto;max-width:560px}
figure .narrow{display:none}
figcaption{color:var(--soft);font-size:13px;margin:6px 0 4px;overflow-wrap:anywhere}
details{font-size:13px}summary{color:var(--accent);cursor:pointer;width:max-content;padding:2px 0}
summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
pre{margin:0;padding:12px 14px;border:1px solid var(--line);border-radius:8px;background:var(--bg);font:13px/1.5 ui-monospace,"SF Mono",Menlo,"DejaVu Sans Mono",monospace;white-space:pre-wrap;overflow-wrap:anywhere}
footer{color:var(--soft);font-size:13px;padding-top:20px;padding-bottom:40px}
@media (max-width:860px){.charts{grid-template-columns:minmax(0,1fr)}}
@media (max-width:560px){header,main,footer{padding-left:14px;padding-right:14px}header{padding-top:22px}h1{font-size:22px}section{padding:16px 14px}.line{display:block;padding:12px 14px}.line b{display:block}figure .wide{display:none}figure .narrow{display:block}.facts{grid-template-columns:minmax(0,1fr);gap:0}.facts dd{margin-bottom:8px}.checks li{grid-template-columns:78px 1fr;gap:8px}.big{grid-template-columns:1fr 1fr}th .about{min-width:0;max-width:170px;overflow-wrap:anywhere}th:first-child{white-space:normal}th,td{padding-right:10px}.compared th{min-width:84px}}
@media print{:root{${LIGHT}}body{background:#fff;font-size:11pt}section,.line{break-inside:avoid}section{border:0;padding:0;margin-top:20px}details{display:none}header,main,footer{max-width:none;padding:0}}
${CHART_STYLE}`;

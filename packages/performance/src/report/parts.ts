import { bytesText, figures, UNKNOWN } from '../charts/units.ts';
import { ROLE_WORDS } from '../compare/use-rows.ts';
import type { RunEnvironment, RunRecord, UseRecord } from '../record/run-record.ts';
import { facts, section, table } from './document.ts';
import { html, type Markup } from './markup.ts';

export function aboutTarget({ target, startedAt }: Pick<RunRecord, 'target' | 'startedAt'>): string {
  const from = target.from === 'inside' ? 'from inside the mesh' : 'from outside';
  return `${target.text} (${target.url}), ${from}, ${timestamp(startedAt)}`;
}

/** `2026-11-21 12:00:00 UTC`. */
export function timestamp(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}

export function reproduceSection(command: string): Markup {
  return section('Do it again', html`<pre>${command}</pre>`);
}

export function environmentSection(environment: RunEnvironment): Markup {
  const { meshwise, node, system, cpuModel, cores, memoryBytes, loadAverage, envoy, capture, configurationHash } =
    environment;
  return section(
    'Where it ran',
    facts([
      ['Machine', `${cores} × ${cpuModel}, ${bytesText(memoryBytes)}, ${system}`],
      ['Load average before', loadAverage.toFixed(2)],
      ['Versions', `Meshwise ${meshwise}, Node.js ${node}${envoy === null ? '' : `, Envoy ${envoy}`}`],
      [
        'Mesh',
        configurationHash === null ? 'none' : `capture ${capture ?? UNKNOWN}, configuration ${configurationHash}`,
      ],
    ]),
  );
}

/** Nothing when nobody's use was measured. */
export function useSection(use: readonly UseRecord[]): Markup[] {
  if (use.length === 0) return [];
  const millicores = (value: number | null) => (value === null ? UNKNOWN : `${figures(value)} m`);
  const rows = use.map((record) => [
    html`${ROLE_WORDS[record.role]}<span class="about">${record.name}</span>`,
    millicores(record.cpuMillicoresMean),
    millicores(record.cpuMillicoresMax),
    record.cpuMsPer1000Requests === null ? UNKNOWN : `${figures(record.cpuMsPer1000Requests)} ms`,
    bytesText(record.memoryBytesMean),
    bytesText(record.memoryBytesMax),
  ]);
  const headings = ['', 'CPU, mean', 'CPU, most', 'CPU per 1,000 requests', 'memory, mean', 'memory, most'];
  return [section('What it used', table('Resource use', headings, rows))];
}

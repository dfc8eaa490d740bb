import { bytesText } from '../charts/units.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { Field, FoundDifference } from './field.ts';
import { LOAD_FIELDS } from './load-fields.ts';

const text = (value: string | null, absent: string) => value ?? absent;

const FIELDS: readonly Field[] = [
  { kind: 'target', what: 'Target', of: ({ target }) => target.text },
  { kind: 'target', what: 'Address', of: ({ target }) => target.url },
  {
    kind: 'target',
    what: 'Load comes from',
    of: ({ target }) => (target.from === 'inside' ? 'inside the mesh' : 'outside'),
  },
  { kind: 'target', what: 'Sidecars on the way', of: ({ target }) => text(target.variant, 'as the mesh has them') },
  ...LOAD_FIELDS,
  {
    kind: 'mesh',
    what: 'Configuration',
    of: ({ environment }) => text(environment.configurationHash, 'no mesh').slice(0, 12),
  },
  { kind: 'mesh', what: 'Capture', of: ({ environment }) => text(environment.capture, 'none') },
  { kind: 'version', what: 'Envoy', of: ({ environment }) => text(environment.envoy, 'none') },
  { kind: 'version', what: 'Meshwise', of: ({ environment }) => environment.meshwise },
  { kind: 'version', what: 'Node.js', of: ({ environment }) => environment.node },
  { kind: 'machine', what: 'Processor', of: ({ environment: { cores, cpuModel } }) => `${cores} × ${cpuModel}` },
  { kind: 'machine', what: 'Memory', of: ({ environment }) => bytesText(environment.memoryBytes) },
  { kind: 'machine', what: 'System', of: ({ environment }) => environment.system },
];

/** In what the runs are not alike, what matters most first. */
export function whatDiffers(records: readonly RunRecord[]): readonly FoundDifference[] {
  return FIELDS.flatMap(({ kind, what, of }): FoundDifference[] => {
    const values = records.map(of);
    if (new Set(values).size < 2) return [];
    return [{ kind, what, values, words: inWords(what, values, records) }];
  });
}

function inWords(what: string, values: readonly string[], records: readonly RunRecord[]): string {
  const parts = values.slice(1).flatMap((value, index) => {
    const name = records[index + 1]?.name ?? '';
    return value === values[0] ? [] : [`${value} in “${name}”`];
  });
  return `${what}: ${values[0]} in the baseline, ${parts.join(', ')}.`;
}

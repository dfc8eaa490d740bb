import type { Resource } from '@meshwise/resources';
import { toYaml, toYamlFile } from '@meshwise/resources';
import { stringify } from 'yaml';

/** How a result is printed. `ndjson`: one JSON value a line, for streams and `while read`. */
export const FORMATS = ['table', 'json', 'yaml', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];

/** YAML 1.1 rules for quoting, since the readers of most tools still follow them. */
const YAML = { version: '1.1', lineWidth: 0 } as const;

export interface Printable {
  /** What `json` and `yaml` print. */
  readonly value: unknown;
  /** What `ndjson` prints, one a line. Default: the value as one line. */
  readonly items?: readonly unknown[];
  /** What `table` prints, with its last line end. Made only when needed. */
  readonly table: () => string;
}

export function render(printable: Printable, format: Format): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(printable.value, null, 2)}\n`;
    case 'ndjson':
      return (printable.items ?? [printable.value]).map((item) => `${JSON.stringify(item)}\n`).join('');
    case 'yaml':
      return isResource(printable.value) ? toYaml(printable.value) : stringify(printable.value, YAML);
    case 'table':
      return printable.table();
  }
}

export function isResource(value: unknown): value is Resource {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<Resource>;
  return (
    typeof apiVersion === 'string' && typeof kind === 'string' && typeof metadata === 'object' && metadata !== null
  );
}

/** Several resources as one YAML file. */
export function resourcesText(resources: readonly Resource[]): string {
  return toYamlFile(resources);
}

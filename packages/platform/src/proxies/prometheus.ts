import { adminRequest } from './admin.ts';

/** One line of Prometheus' text format. */
export interface PrometheusSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([A-Za-z_]\w*)="((?:\\.|[^"\\])*)"/g;
const TIMEOUT_MS = 5_000;

/** The statistics of one proxy whose names match `filter` (RE2), as Envoy's admin interface gives them. */
export async function readPrometheus(adminSocketPath: string, filter: string): Promise<readonly PrometheusSample[]> {
  const path = `/stats/prometheus?usedonly&filter=${encodeURIComponent(filter)}`;
  return parsePrometheus((await adminRequest(adminSocketPath, path, { timeoutMs: TIMEOUT_MS })).body);
}

/** Prometheus, "Text-based format", as far as Envoy writes it. */
export function parsePrometheus(text: string): readonly PrometheusSample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    const pairs = [...labels.matchAll(LABEL)].map(([, key = '', text = '']) => [key, unescaped(text)] as const);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

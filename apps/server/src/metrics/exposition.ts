export type Labels = Readonly<Record<string, string>>;

/** Cumulative counts by upper bound, as text, with `+Inf` among them. */
export interface Distribution {
  readonly buckets: ReadonlyMap<string, number>;
  readonly sum: number;
  readonly count: number;
}

interface Family {
  readonly type: 'counter' | 'histogram';
  readonly help: string;
  readonly counters: Map<string, number>;
  readonly distributions: Map<string, Distribution>;
}

/**
 * Series by family, written as Prometheus' text format (version 0.0.4). Series with the same labels are added up, since two
 * clusters may stand for the same thing and a series may be there once only.
 */
export class Exposition {
  readonly #families = new Map<string, Family>();

  counter(name: string, help: string, labels: Labels, value: number): void {
    const { counters } = this.#family(name, 'counter', help);
    const key = labelText(labels);
    counters.set(key, (counters.get(key) ?? 0) + value);
  }

  histogram(name: string, help: string, labels: Labels, value: Distribution): void {
    const { distributions } = this.#family(name, 'histogram', help);
    const key = labelText(labels);
    const known = distributions.get(key);
    distributions.set(key, known === undefined ? value : sumOf(known, value));
  }

  text(): string {
    const lines: string[] = [];
    for (const [name, { type, help, counters, distributions }] of [...this.#families].sort(([a], [b]) =>
      a < b ? -1 : 1,
    )) {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
      for (const [labels, value] of counters) lines.push(`${name}{${labels}} ${value}`);
      for (const [labels, { buckets, sum, count }] of distributions) {
        for (const [bound, value] of buckets) lines.push(`${name}_bucket{${labels},le="${bound}"} ${value}`);
        lines.push(`${name}_sum{${labels}} ${sum}`, `${name}_count{${labels}} ${count}`);
      }
    }
    return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
  }

  #family(name: string, type: Family['type'], help: string): Family {
    const family = this.#families.get(name) ?? { type, help, counters: new Map(), distributions: new Map() };
    this.#families.set(name, family);
    return family;
  }
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"')}"`)
    .join(',');
}

function sumOf(a: Distribution, b: Distribution): Distribution {
  const bounds = new Set([...a.buckets.keys(), ...b.buckets.keys()]);
  const buckets = new Map(
    [...bounds].map((bound) => [bound, (a.buckets.get(bound) ?? 0) + (b.buckets.get(bound) ?? 0)]),
  );
  return { buckets, sum: a.sum + b.sum, count: a.count + b.count };
}

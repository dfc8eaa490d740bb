import type { PatchPlan, Residue } from '@meshwise/model';
import { keyText } from '@meshwise/resources';
import type { VerdictSource } from '../validate/verdicts.ts';
import type { ScreenReport } from './report.ts';

/**
 * What stands between what is printed and what is published: verdicts of an Envoy of its own, and what has been said of
 * each scope and proxy. Nothing waits here: whoever has to, publishes again when there is news.
 */
export class Gate {
  readonly verdicts: VerdictSource;
  /** Counts the times that something may have become known. */
  #revision = 0;
  readonly #reports = new Map<string, ScreenReport>();

  constructor(verdicts: VerdictSource) {
    this.verdicts = verdicts;
  }

  get revision(): number {
    return this.#revision;
  }

  get isWaiting(): boolean {
    return [...this.#reports.values()].some((report) => report.isWaiting);
  }

  /** There is news: what waits may look again. */
  advance(): void {
    this.#revision += 1;
  }

  report(source: string, report: ScreenReport): void {
    this.#reports.set(source, report);
  }

  forget(source: string): void {
    this.#reports.delete(source);
  }

  /** By `keyText` of the resource; of each resource everything once. */
  residues(): ReadonlyMap<string, readonly Residue[]> {
    const reports = [...this.#reports.values()];
    const all = [...reports.flatMap(({ residues }) => residues), ...unmatched(reports)];
    const byResource = new Map<string, Map<string, Residue>>();
    for (const residue of all) {
      const key = keyText(residue.origin.resource);
      const known = byResource.get(key) ?? new Map<string, Residue>();
      known.set(`${residue.origin.field ?? ''} ${residue.message}`, residue);
      byResource.set(key, known);
    }
    return new Map([...byResource].map(([key, known]) => [key, [...known.values()]]));
  }
}

/** Patches that hold for somebody and have found nothing with anybody. */
function unmatched(reports: readonly ScreenReport[]): readonly Residue[] {
  const nameOf = ({ origin }: PatchPlan) => `${keyText(origin.resource)} ${origin.field ?? ''}`;
  const matched = new Set(reports.flatMap((report) => [...report.matched].map(nameOf)));
  const said = new Set(
    reports.flatMap(({ residues }) =>
      residues.map(({ origin }) => `${keyText(origin.resource)} ${origin.field ?? ''}`),
    ),
  );
  const considered = new Map(
    reports.flatMap((report) => [...report.considered].map((patch) => [nameOf(patch), patch])),
  );
  return [...considered].flatMap(([name, { origin }]): readonly Residue[] => {
    if (matched.has(name) || said.has(name)) return [];
    const message = `${origin.field ?? 'this patch'}: matches nothing in the configuration of the proxies it is for`;
    return [{ origin, severity: 'info', message }];
  });
}

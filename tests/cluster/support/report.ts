import { writeFileSync } from 'node:fs';
import type { Resource } from '@meshwise/resources';
import { DIFFERENCES } from '../differences.ts';
import type { Comparison } from './compare.ts';
import type { Fixture, Question } from './fixture.ts';
import type { World } from './world.ts';

/** Counts what agreed and what did not, and says it at the end. */
export class Report {
  #resources = 0;
  #requests = 0;
  #agreements = 0;
  #listed = 0;
  readonly #disagreements: string[] = [];
  readonly #statuses = new Map<string, number>();
  readonly #startMs = Date.now();

  /** What has to be explained of one comparison; empty when nothing. */
  add(fixture: Fixture, comparison: Comparison, world: World): readonly string[] {
    this.#resources += fixture.resources.length;
    this.#requests += comparison.requests;
    for (const { status } of comparison.istio.flat()) {
      this.#statuses.set(String(status), (this.#statuses.get(String(status)) ?? 0) + 1);
    }
    const entries = DIFFERENCES.filter(({ fixture: name }) => name === fixture.name);
    const isListed = (index: number) => entries.some(({ questions }) => questions?.includes(index) ?? true);
    const wrong = comparison.rejected.map((words) => `our proxy refused: ${words}`);
    comparison.differences.forEach((differs, index) => {
      const question = fixture.questions[index];
      if (question === undefined) return;
      if (differs === undefined && isListed(index)) {
        wrong.push(`question ${index} is listed in differences.ts, and both agree: ${describe(question)}`);
      } else if (differs === undefined) this.#agreements += 1;
      else if (isListed(index)) this.#listed += 1;
      else wrong.push(`question ${index}: ${describe(question)}\n${differs}`);
    });
    if (wrong.length === 0) return [];
    const verdicts = fixture.resources.flatMap((resource) => world.ours.verdicts(resource as unknown as Resource));
    const said = verdicts.length === 0 ? [] : [`meshwise says itself:\n  ${verdicts.join('\n  ')}`];
    this.#disagreements.push(
      `### ${fixture.name} (${fixture.fields.join(', ')})\n\n${[...wrong, ...said].join('\n\n')}\n`,
    );
    return [...wrong, ...said, JSON.stringify(fixture.resources)];
  }

  print(seed: number): void {
    const parts = [
      `${this.#resources} resources`,
      `${this.#requests} requests`,
      `${this.#agreements} agreements`,
      `${this.#listed} listed differences`,
      `${this.#disagreements.length} fixtures that disagree`,
      `seed ${seed}`,
      `${Math.round((Date.now() - this.#startMs) / 1000)} s`,
    ];
    const statuses = [...this.#statuses].sort(([, one], [, other]) => other - one);
    process.stdout.write(`\noracle: ${parts.join(', ')}\n`);
    process.stdout.write(
      `istiod's side answered ${statuses.map(([status, count]) => `${status} × ${count}`).join(', ')}\n`,
    );
    const path = process.env['MESHWISE_ORACLE_REPORT'];
    if (path !== undefined) writeFileSync(path, `${parts.join(', ')}\n\n${this.#disagreements.join('\n')}`);
  }
}

function describe({ times, key: _, ...question }: Question & { readonly key?: string }): string {
  return `${JSON.stringify(question)}${times === undefined ? '' : ` × ${times}`}`;
}

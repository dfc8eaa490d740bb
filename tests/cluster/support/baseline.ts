import { type Comparison, inLanes, sample } from './compare.ts';
import type { Fixture, Question } from './fixture.ts';
import type { Outcome } from './outcome.ts';
import type { World } from './world.ts';

/** Enough to have met every pod of a service of three, but for one time in a hundred thousand. */
const SAMPLES = 30;

/** What istiod's side answers without any resources: whatever a fixture claims to be about has to change some of it. */
export class Baseline {
  readonly #outcomes: ReadonlyMap<string, string>;

  private constructor(outcomes: ReadonlyMap<string, string>) {
    this.#outcomes = outcomes;
  }

  static async take(world: World, fixtures: readonly Fixture[]): Promise<Baseline> {
    await world.replace([]);
    const questions = new Map(fixtures.flatMap(({ questions: list }) => list).map((one) => [keyOf(one), one]));
    const outcomes = new Map<string, string>();
    await inLanes([...questions], 12, async ([key, question]) => {
      // Nobody answers at a gateway without resources, and that in one way.
      const times = question.via === 'gateway' ? 1 : /delay/.test(key) ? 4 : SAMPLES;
      outcomes.set(key, kindsOf(await sample(world, world.istio, { ...question, times })));
    });
    return new Baseline(outcomes);
  }

  isChanged(fixture: Fixture, { istio }: Comparison): boolean {
    return fixture.questions.some(
      (question, index) => kindsOf(istio[index] ?? []) !== this.#outcomes.get(keyOf(question)),
    );
  }
}

function keyOf({ times: _, atOnce: __, ...question }: Question): string {
  return JSON.stringify(question);
}

function kindsOf(outcomes: readonly Outcome[]): string {
  return [...new Set(outcomes.map((outcome) => JSON.stringify(outcome)))].sort().join('\n');
}

import type { OverheadBlock } from '@meshwise/performance';
import { shuffled } from '../stats/random.ts';
import { type BlockShape, measureBlock } from './block.ts';
import { type Figures, figuresOf, type Round } from './figures.ts';
import type { TrafficFunction } from './function.ts';
import { poll } from './poll.ts';
import type { Site } from './site.ts';

export interface ExperimentShape extends BlockShape {
  readonly rounds: number;
  /** How long a function may take to show, or to be gone. */
  readonly switchMs: number;
}

/** What came of one function; without figures, `problem` says why. */
export interface Outcome {
  readonly name: string;
  readonly figures?: Figures;
  readonly problem?: string;
  /** How it showed that the function was on. */
  readonly evidence?: string;
  /** What the mesh says that it does not do of the manifest. */
  readonly conditions: readonly string[];
  readonly blocks: readonly Round[];
}

/** A block that fails is measured again; a round whose blocks go on failing is left out, and the next ones are tried. */
const MOST_TRIES = 2;
/** When nothing comes of so many rounds one after the other, nothing will. */
const MOST_FAILED_ROUNDS = 2;

/** What an experiment needs of a mesh. */
export type Ground = Pick<Site, 'client' | 'probes' | 'apply' | 'restore' | 'inStep' | 'isQuiet'>;
type Variant = 'off' | 'on';

/** One function, on and off by turns. Never throws: what goes wrong is the outcome. */
export async function experiment(
  site: Ground,
  one: TrafficFunction,
  shape: ExperimentShape,
  random: () => number,
  log: (text: string) => void,
): Promise<Outcome> {
  const { name } = one;
  const blocks: Round[] = [];
  let state: { readonly evidence?: string; readonly conditions: readonly string[] } = { conditions: [] };
  try {
    const turn = turner(site, one, shape);
    await turn('off');
    state = await turn('on');
    const problems: string[] = [];
    for (let round = 1; round <= shape.rounds && problems.length < MOST_FAILED_ROUNDS; round += 1) {
      const measured = await measureRound(site, one, shape, round, shuffled(['off', 'on'], random), turn).catch(
        (error: unknown) => {
          problems.push(text(error));
          log(`${name}, round ${round}: ${text(error)}`);
        },
      );
      if (measured === undefined) continue;
      blocks.push(measured);
      problems.length = 0;
    }
    const [problem] = problems;
    const figures = blocks.length === 0 ? {} : { figures: figuresOf(blocks, random) };
    return { name, ...state, blocks, ...figures, ...(problem === undefined ? {} : { problem }) };
  } catch (error) {
    return { name, ...state, blocks, problem: text(error) };
  }
}

type Turn = (variant: Variant) => Promise<{ readonly evidence?: string; readonly conditions: readonly string[] }>;

/** Switches the function, and returns when it shows in the mesh. */
function turner(site: Ground, one: TrafficFunction, { switchMs }: ExperimentShape): Turn {
  let [current, conditions]: [Variant | undefined, readonly string[]] = [undefined, []];
  return async (variant) => {
    const wanted = variant === 'on' ? one.on : (one.off ?? '');
    if (variant !== current && wanted === '') await site.restore();
    if (variant !== current && wanted !== '') conditions = await site.apply(wanted);
    current = variant;
    await poll('proxies to be in step', switchMs, () => site.inStep());
    let evidence: string | undefined;
    await poll(`to see that it is ${variant}`, switchMs, async () => {
      evidence = await one.evidence(site.probes);
      return (evidence !== undefined) === (variant === 'on');
    });
    return { conditions, ...(evidence === undefined ? {} : { evidence }) };
  };
}

async function measureRound(
  site: Ground,
  { headers = {} }: TrafficFunction,
  shape: ExperimentShape,
  round: number,
  order: readonly Variant[],
  turn: Turn,
): Promise<Round> {
  const found: Partial<Record<Variant, OverheadBlock>> = {};
  for (const variant of order) {
    found[variant] = await twice(async () => {
      await turn(variant);
      return measureBlock(site, round, headers, shape);
    });
  }
  const { off, on } = found;
  if (off === undefined || on === undefined) throw new Error('a round is not whole');
  return { off, on };
}

async function twice<Result>(act: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (tries === MOST_TRIES) throw error;
    }
  }
}

function text(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 300);
}

import {
  type Difference,
  differenceOf,
  type Estimate,
  estimateOf,
  type OverheadBlock,
  resampleUnits,
  sampleFigures,
} from '@meshwise/performance';

/** A round of an experiment: both variants, next to each other. */
export interface Round {
  readonly off: OverheadBlock;
  readonly on: OverheadBlock;
}

/** What a function adds, and what failed. */
export interface Figures {
  readonly rounds: number;
  /** What it is without the function. */
  readonly without: { readonly p50Ms: Estimate; readonly cpuMsPer1000Requests: Estimate };
  readonly p50Ms: Difference;
  readonly p99Ms: Difference;
  readonly cpuMsPer1000Requests: Difference;
  readonly requests: { readonly off: number; readonly on: number };
  readonly failed: { readonly off: number; readonly on: number };
}

/**
 * Rounds are drawn again, each with both of its blocks, so that what the machine did to both cancels out of the
 * differences; percentiles are those of all requests of the drawn rounds.
 */
export function figuresOf(rounds: readonly Round[], random: () => number): Figures {
  const draws = resampleUnits(rounds.length, random);
  const [off, on] = [rounds.map((round) => round.off), rounds.map((round) => round.on)];
  const [before, after] = [sampleFigures(off, draws), sampleFigures(on, draws)];
  const sum = (blocks: readonly OverheadBlock[], of: (block: OverheadBlock) => number) =>
    blocks.reduce((total, block) => total + of(block), 0);
  const each = (of: (block: OverheadBlock) => number) => ({ off: sum(off, of), on: sum(on, of) });
  return {
    rounds: rounds.length,
    without: {
      p50Ms: estimateOf(before.responseP50Ms),
      cpuMsPer1000Requests: estimateOf(before.sidecarCpuMsPer1000Requests),
    },
    p50Ms: differenceOf(after.responseP50Ms, before.responseP50Ms),
    p99Ms: differenceOf(after.responseP99Ms, before.responseP99Ms),
    cpuMsPer1000Requests: differenceOf(after.sidecarCpuMsPer1000Requests, before.sidecarCpuMsPer1000Requests),
    requests: each(({ completed, failed }) => completed + failed),
    failed: each(({ failed }) => failed),
  };
}

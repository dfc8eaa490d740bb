import type { VariantReport } from '../record/experiment-record.ts';
import type { PathVariant } from '../record/run-record.ts';
import { type Sampled, sample } from './estimate.ts';
import type { OverheadBlock } from './overhead-block.ts';
import { PooledHistograms } from './pooled.ts';
import type { Weights } from './resample.ts';

export const OVERHEAD_FIGURES = [
  'responseP50Ms',
  'responseP90Ms',
  'responseP99Ms',
  'achievedRps',
  'sidecarCpuMsPer1000Requests',
  'applicationCpuMsPer1000Requests',
  'sidecarMemoryBytes',
] as const satisfies readonly (keyof VariantReport)[];
export type OverheadFigure = (typeof OVERHEAD_FIGURES)[number];

/** Every figure of one variant, for the same draws of rounds that all variants share. `blocks` has one block for each round. */
export function sampleFigures(
  blocks: readonly OverheadBlock[],
  draws: readonly Weights[],
): Record<OverheadFigure, Sampled> {
  const pooled = new PooledHistograms(blocks.map(({ response }) => response));
  const of = (statistic: (weights: ArrayLike<number>) => number) =>
    sample(blocks.length, blocks.length, draws, statistic);
  const percentileMs = (percentile: number) => of((weights) => pooled.percentileNs(percentile, weights) / 1e6);
  return {
    responseP50Ms: percentileMs(50),
    responseP90Ms: percentileMs(90),
    responseP99Ms: percentileMs(99),
    achievedRps: of(
      ratio(
        blocks,
        ({ achievedRps }) => achievedRps,
        () => 1,
      ),
    ),
    sidecarCpuMsPer1000Requests: of(ratio(blocks, ({ sidecarCpuMs }) => sidecarCpuMs, thousands)),
    applicationCpuMsPer1000Requests: of(ratio(blocks, ({ applicationCpuMs }) => applicationCpuMs, thousands)),
    sidecarMemoryBytes: of(
      ratio(
        blocks,
        ({ sidecarMemoryBytes }) => sidecarMemoryBytes,
        () => 1,
      ),
    ),
  };
}

const thousands = ({ completed }: OverheadBlock) => completed / 1_000;

/** Sum over sum, so that a block counts for what it has measured; blocks in which the figure is unknown count for nothing. */
function ratio(
  blocks: readonly OverheadBlock[],
  above: (block: OverheadBlock) => number | null,
  below: (block: OverheadBlock) => number,
): (weights: ArrayLike<number>) => number {
  const known = blocks.map((block) => ({ above: above(block), below: below(block) }));
  return (weights) => {
    let [sum, base] = [0, 0];
    for (const [index, figure] of known.entries()) {
      if (figure.above === null) continue;
      sum += (weights[index] ?? 0) * figure.above;
      base += (weights[index] ?? 0) * figure.below;
    }
    return sum / base;
  };
}

/** Rounds in which every variant measured something, in their order; the others with what is missing in them. */
export function completeRounds(blocks: readonly OverheadBlock[], variants: readonly PathVariant[]) {
  const numbers = [...new Set(blocks.map(({ round }) => round))].sort((a, b) => a - b);
  const complete: { readonly round: number; readonly blocks: Record<string, OverheadBlock> }[] = [];
  const leftOut: { readonly round: number; readonly missing: readonly PathVariant[] }[] = [];
  for (const round of numbers) {
    const found: Record<string, OverheadBlock> = {};
    for (const block of blocks) if (block.round === round && block.completed > 0) found[block.variant] = block;
    const missing = variants.filter((variant) => found[variant] === undefined);
    if (missing.length === 0) complete.push({ round, blocks: found });
    else leftOut.push({ round, missing });
  }
  return { complete, leftOut };
}

import type { AddedReport, OverheadReport, VariantReport } from '../record/experiment-record.ts';
import type { PathVariant } from '../record/run-record.ts';
import { differenceOf, estimateOf } from './estimate.ts';
import type { OverheadBlock } from './overhead-block.ts';
import { completeRounds, OVERHEAD_FIGURES, type OverheadFigure, sampleFigures } from './overhead-figures.ts';
import { overheadNotes, overheadReferences } from './overhead-text.ts';
import { seededRandom } from './random.ts';
import { RESAMPLES, resampleUnits } from './resample.ts';

export interface OverheadOptions {
  readonly variants: readonly PathVariant[];
  /** The same seed and blocks give the same intervals. */
  readonly seed: number;
  /** Sidecars on the path, to say of how many a sum is. */
  readonly sidecars?: Partial<Record<PathVariant, number>>;
  /** What else a reader must know; they come first. */
  readonly notes?: readonly string[];
  readonly resamples?: number;
}

const STEPS: readonly (readonly [PathVariant, PathVariant])[] = [
  ['none', 'server'],
  ['none', 'both'],
  ['server', 'both'],
];

/**
 * What sidecars add, from blocks that were measured next to each other. What is drawn again is a round, which holds each variant
 * once: a busy machine slows all variants of a round, so that it cancels out of the differences. A percentile is that of
 * the pooled values of the drawn rounds.
 */
export function overheadReport(blocks: readonly OverheadBlock[], options: OverheadOptions): OverheadReport {
  const { complete, leftOut } = completeRounds(blocks, options.variants);
  const draws = resampleUnits(complete.length, seededRandom(options.seed), options.resamples ?? RESAMPLES);
  const sampled = new Map(
    options.variants.map((variant) => {
      const own = complete.flatMap(({ blocks: found }) => found[variant] ?? []);
      return [variant, { own, figures: sampleFigures(own, draws) }] as const;
    }),
  );
  const variants = [...sampled].map(
    ([variant, { own, figures }]): VariantReport => ({
      variant,
      blocks: own.length,
      requests: own.reduce((sum, { completed, failed }) => sum + completed + failed, 0),
      failed: own.reduce((sum, { failed }) => sum + failed, 0),
      ...eachFigure((figure) => estimateOf(figures[figure])),
    }),
  );
  const added = STEPS.flatMap(([from, to]): AddedReport[] => {
    const [before, after] = [sampled.get(from)?.figures, sampled.get(to)?.figures];
    if (before === undefined || after === undefined) return [];
    return [{ from, to, ...eachFigure((figure) => differenceOf(after[figure], before[figure])) }];
  });
  return {
    variants,
    added,
    references: overheadReferences(variants, added, options.sidecars ?? {}),
    notes: [...(options.notes ?? []), ...overheadNotes(blocks, complete.length, leftOut)],
  };
}

function eachFigure<Result>(compute: (figure: OverheadFigure) => Result): Record<OverheadFigure, Result> {
  return Object.fromEntries(OVERHEAD_FIGURES.map((figure) => [figure, compute(figure)])) as Record<
    OverheadFigure,
    Result
  >;
}

import type { Interval } from '@meshwise/load';
import type { ExperimentRecord, OverheadReport } from '../record/experiment-record.ts';
import type { PathVariant, RunRecord } from '../record/run-record.ts';
import { overheadReport } from '../statistics/overhead.ts';
import { type OverheadBlock, overheadBlock } from '../statistics/overhead-block.ts';

/** A block for the report, or undefined when it did not come to its end: half a block says something else than a whole one. */
export function reportBlock(
  { onPath }: ExperimentRecord,
  place: { readonly round: number; readonly variant: PathVariant },
  run: RunRecord,
  intervals: readonly Interval[],
): OverheadBlock | undefined {
  if (run.state !== 'finished') return undefined;
  const path = onPath.find(({ variant }) => variant === place.variant);
  return overheadBlock(place, run, intervals, path ?? { sidecars: [], applications: [] });
}

/** Null as long as there is no whole round. `notes` come first. */
export function reportOn(
  { variants, seed, onPath, blocks: begun }: ExperimentRecord,
  blocks: readonly OverheadBlock[],
  notes: readonly string[],
): OverheadReport | null {
  const rounds = [...new Set(begun.map(({ round }) => round))];
  const isWhole = (round: number) =>
    variants.every((variant) => blocks.some((block) => block.round === round && block.variant === variant));
  const leftOut = rounds.filter((round) => !isWhole(round));
  if (leftOut.length === rounds.length) return null;
  const said = leftOut.map((round) => `Round ${round} is left out: not all of its blocks came to their end.`);
  const sidecars = Object.fromEntries(onPath.map((path) => [path.variant, path.sidecars.length]));
  return overheadReport(
    blocks.filter(({ round }) => isWhole(round)),
    { variants, seed, sidecars, notes: [...notes, ...said] },
  );
}

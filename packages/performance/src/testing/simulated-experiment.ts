import type { ExperimentRecord } from '../record/experiment-record.ts';
import type { PathVariant } from '../record/run-record.ts';
import { overheadReport } from '../statistics/overhead.ts';
import { type OverheadBlock, overheadBlock } from '../statistics/overhead-block.ts';
import { simulatedRun } from './simulated-run.ts';

const VARIANTS: readonly PathVariant[] = ['none', 'server', 'both'];
const SIDECAR = 'default/productpage-v1-84b9c4fc49-mksm8';

const onPath = (variant: PathVariant) => ({ sidecars: variant === 'none' ? [] : [SIDECAR], applications: [SIDECAR] });

/** An experiment that never was, in which each sidecar adds a little. */
export function simulatedExperiment(rounds = 8): { experiment: ExperimentRecord; blocks: readonly OverheadBlock[] } {
  const blocks = Array.from({ length: rounds }, (_, round) =>
    VARIANTS.map((variant, added) => {
      const seed = round * 3 + added;
      const run = simulatedRun({ id: `block-${seed}`, seconds: 3, seed, meanMs: 2 + 0.2 * added, rps: 100 });
      return overheadBlock({ round, variant }, run.record, run.intervals, onPath(variant));
    }),
  ).flat();
  const { target, environment, startedAt } = simulatedRun({ id: 'any', seconds: 1 }).record;
  const notes = ['Load generator, proxies and programs share two cores.'];
  const experiment: ExperimentRecord = {
    id: 'experiment-1',
    name: 'BookInfo with and without sidecars',
    kind: 'compare-mesh',
    state: 'finished',
    note: null,
    startedAt,
    endedAt: null,
    target,
    words: ['100 requests per second in blocks of 3 s'],
    command: 'meshwise perf run productpage/productpage --compare-mesh',
    environment,
    variants: [...VARIANTS],
    onPath: VARIANTS.map((variant) => ({ variant, ...onPath(variant) })),
    rounds,
    blockMs: 3_000,
    seed: 7,
    blocks: blocks.map(({ round, variant }, index) => ({ round, variant, runId: `block-${index}` })),
    report: overheadReport(blocks, { variants: VARIANTS, seed: 7, sidecars: { server: 1, both: 2 }, notes }),
  };
  return { experiment, blocks };
}

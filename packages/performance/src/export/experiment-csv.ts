import { Histogram } from '@meshwise/load';
import type { ExperimentRecord } from '../record/experiment-record.ts';
import type { OverheadBlock } from '../statistics/overhead-block.ts';
import { csv } from './csv.ts';

/** A line for each block in the order in which they ran; unknown cells of blocks that are gone from the store. */
export function experimentCsv(experiment: ExperimentRecord, measured: readonly OverheadBlock[]): string {
  const headings = [
    ...['position', 'round', 'variant', 'runId', 'completed', 'failed', 'achievedRps'],
    ...[
      'responseP50Ms',
      'responseP90Ms',
      'responseP99Ms',
      'sidecarCpuMs',
      'applicationCpuMs',
      'sidecarMemoryBytes',
      'trust',
    ],
  ];
  return csv(
    headings,
    experiment.blocks.map(({ round, variant, runId }, position) => {
      const block = measured.find((one) => one.round === round && one.variant === variant);
      const head = [position, round, variant, runId];
      if (block === undefined) return [...head, ...Array<null>(headings.length - head.length).fill(null)];
      const response = Histogram.fromSparse(block.response);
      const at = (percentile: number) => (response.count === 0 ? null : response.valueAtPercentile(percentile) / 1e6);
      return [
        ...[...head, block.completed, block.failed, block.achievedRps, at(50), at(90), at(99)],
        ...[block.sidecarCpuMs, block.applicationCpuMs, block.sidecarMemoryBytes, block.trust],
      ];
    }),
  );
}

import type { Interval } from '@meshwise/load';
import type { ExperimentRecord } from './experiment-record.ts';
import type { ResultRepository } from './repository.ts';
import type { RunRecord } from './run-record.ts';

/** The blocks of an experiment that are still in the store, in the order in which they ran. */
export async function blocksOf(
  repository: ResultRepository,
  experiment: ExperimentRecord,
): Promise<{ readonly record: RunRecord; readonly intervals: readonly Interval[] }[]> {
  const blocks = [];
  for (const { runId } of experiment.blocks) {
    const record = await repository.getRun(runId);
    if (record !== undefined) blocks.push({ record, intervals: await repository.intervals(runId) });
  }
  return blocks;
}

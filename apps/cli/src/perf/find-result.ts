import { MeshwiseError } from '@meshwise/core';
import type { ResultRepository } from '@meshwise/performance';
import type { Outcome } from './outcome.ts';

/** A run or a comparison by its id. Throws MW8101 when there is neither. */
export async function findResult(results: ResultRepository, id: string): Promise<Outcome> {
  const run = await results.getRun(id);
  if (run !== undefined) return { kind: 'run', record: run, intervals: await results.intervals(id) };
  const experiment = await results.getExperiment(id);
  if (experiment !== undefined) return { kind: 'experiment', record: experiment };
  throw new MeshwiseError('MW8101', `there is no result ${id}`, { found: id });
}

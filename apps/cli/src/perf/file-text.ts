import { MeshwiseError } from '@meshwise/core';
import { blocksOf, type ResultRepository } from '@meshwise/performance';
import { exportExperiment, exportRun, type RunFormat } from '@meshwise/performance/node';
import type { Outcome } from './outcome.ts';

/** A result as the text of a file. Of a comparison, its blocks are read as well. */
export async function fileText(results: ResultRepository, outcome: Outcome, format: RunFormat): Promise<string> {
  if (outcome.kind === 'run') return exportRun(outcome, format);
  if (format === 'hdr') throw new MeshwiseError('MW7001', 'a comparison has no histogram of its own; its blocks have');
  return exportExperiment(outcome.record, await blocksOf(results, outcome.record), format);
}

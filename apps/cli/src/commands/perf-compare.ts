import { writeFile } from 'node:fs/promises';
import { MeshwiseError } from '@meshwise/core';
import { compareRuns, renderHtmlReport, runDataOf } from '@meshwise/performance';
import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { withOutput } from '../input/options.ts';
import { comparisonText } from '../perf/comparison-text.ts';
import { findResult } from '../perf/find-result.ts';
import { withResults } from '../perf/results.ts';
import type { Session } from '../session.ts';

interface Options {
  readonly report?: string;
}

export function perfCompareCommand(session: Session): Command {
  const command = new Command('compare')
    .description('two to five results beside each other, the first as the baseline, with intervals or "within noise"')
    .argument('<id...>', 'results')
    .option('--report <file>', 'write an HTML report there')
    .action((ids: readonly string[], options: Options) => perfCompare(session, ids, options));
  return describe(withOutput(command), {
    daemon: 'unused',
    examples: ['meshwise perf compare 20261121-142233-k3f9 20261121-150102-x8d2'],
  });
}

async function perfCompare(session: Session, ids: readonly string[], { report }: Options): Promise<void> {
  await withResults(session.context, async (results) => {
    const runs = await Promise.all(
      ids.map(async (id) => {
        const outcome = await findResult(results, id);
        if (outcome.kind === 'run') return outcome;
        throw new MeshwiseError('MW8007', `${id} is a comparison itself; its blocks are runs`, { found: id });
      }),
    );
    const comparison = compareRuns(runs);
    session.print({ value: comparison, table: () => comparisonText(comparison, session.paint) });
    if (report === undefined) return;
    const histograms = runs.map(({ record, intervals }) => ({
      label: record.name,
      histogram: runDataOf(record, intervals).histograms.response,
    }));
    await writeFile(report, renderHtmlReport({ kind: 'comparison', comparison, histograms }));
    session.note(`Report: ${report}`);
  });
}

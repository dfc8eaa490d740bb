import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { withOutput } from '../input/options.ts';
import { FORMATS } from '../output/formats.ts';
import { fileText } from '../perf/file-text.ts';
import { findResult } from '../perf/find-result.ts';
import { printOutcome } from '../perf/print-outcome.ts';
import { withResults } from '../perf/results.ts';
import type { Session } from '../session.ts';

const FILES = ['csv', 'hdr', 'svg', 'html', 'raw'] as const;

export function perfShowCommand(session: Session): Command {
  const command = new Command('show')
    .description('one result: on the terminal, or as a file of another kind')
    .argument('<id>', 'result')
    .action((id: string, { output }: { readonly output: string }) => perfShow(session, id, output));
  return describe(withOutput(command, [...FORMATS, ...FILES]), {
    daemon: 'unused',
    examples: [
      'meshwise perf show 20261121-142233-k3f9',
      'meshwise perf show 20261121-142233-k3f9 -o html > report.html',
    ],
    exit: 'csv: a line a second (of a comparison, a line a block); hdr: HdrHistogram V2; svg: drawings; html: the report; raw: everything, as JSON.',
  });
}

async function perfShow(session: Session, id: string, output: string): Promise<void> {
  await withResults(session.context, async (results) => {
    const outcome = await findResult(results, id);
    const file = FILES.find((one) => one === output);
    if (file === undefined) return printOutcome(session, outcome);
    session.context.stdout.write(await fileText(results, outcome, file === 'raw' ? 'json' : file));
  });
}

import { latencyText, percentText, rateText } from '@meshwise/performance';
import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { wholeNumber, withOutput } from '../input/options.ts';
import { table } from '../output/table.ts';
import { age } from '../output/units.ts';
import { withResults } from '../perf/results.ts';
import type { Session } from '../session.ts';

interface Options {
  readonly limit: number;
  readonly search?: string;
  readonly experiment?: string;
}

const HEADINGS = ['ID', 'NAME', 'STATE', 'REQUESTED', 'ACHIEVED', 'P50', 'P99', 'ERRORS', 'TRUST', 'AGE'];

export function perfListCommand(session: Session): Command {
  const command = new Command('list')
    .description('list results, newest first')
    .option('--limit <count>', 'at most so many', wholeNumber(1, 500), 20)
    .option('--search <text>', 'only those whose name or target holds it')
    .option('--experiment <id>', 'the blocks of one comparison with and without sidecars')
    .action((options: Options) => perfList(session, options));
  return describe(withOutput(command), {
    daemon: 'unused',
    examples: ['meshwise perf list', 'meshwise perf list --search productpage -o json'],
  });
}

async function perfList(session: Session, { limit, search, experiment }: Options): Promise<void> {
  const query = { limit, ...(search !== undefined && { search }) };
  await withResults(session.context, async (results) => {
    const runs = await results.listRuns({ ...query, ...(experiment !== undefined && { experimentId: experiment }) });
    const comparisons = experiment === undefined ? (await results.listExperiments(query)).items : [];
    const items = [...runs.items, ...comparisons]
      .sort((a, b) => b.startedAt.localeCompare(a.startedAt))
      .slice(0, limit);
    const nowMs = session.context.clock.nowMs();
    const rows = items.map((item) => {
      const summary = 'summary' in item ? item.summary : null;
      const requests = summary === null ? 0 : summary.completed + summary.failed;
      return [
        item.id,
        item.name,
        item.state,
        'summary' in item ? (summary?.requestedRps == null ? null : rateText(summary.requestedRps)) : 'comparison',
        summary === null ? null : rateText(summary.achievedRps),
        latencyOf(summary?.response.p50Ms),
        latencyOf(summary?.response.p99Ms),
        summary === null || requests === 0 ? null : percentText((summary.failed * 100) / requests),
        summary?.trust.verdict ?? null,
        age(item.startedAt, nowMs),
      ];
    });
    session.print({ value: items, items, table: () => table(HEADINGS, rows, session.paint) });
    if (items.length === 0) session.note('No results yet. Begin with: meshwise perf run URL');
  });
}

function latencyOf(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : latencyText(ms);
}

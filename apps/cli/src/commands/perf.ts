import { Command } from 'commander';
import type { Session } from '../session.ts';
import { perfCompareCommand } from './perf-compare.ts';
import { perfDeleteCommand } from './perf-delete.ts';
import { perfListCommand } from './perf-list.ts';
import { perfRunCommand } from './perf-run.ts';
import { perfShowCommand } from './perf-show.ts';

export function perfCommand(session: Session): Command {
  return new Command('perf')
    .description('measure: load tests, what the mesh costs, results and how they compare')
    .addCommand(perfRunCommand(session))
    .addCommand(perfListCommand(session))
    .addCommand(perfShowCommand(session))
    .addCommand(perfCompareCommand(session))
    .addCommand(perfDeleteCommand(session));
}

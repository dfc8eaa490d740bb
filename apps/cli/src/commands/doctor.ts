import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { withOutput } from '../input/options.ts';
import { examine } from '../lifecycle/examine.ts';
import { clean, table } from '../output/table.ts';
import type { Tone } from '../output/tone.ts';
import type { Session } from '../session.ts';

const TONES: Readonly<Record<string, Tone>> = { ok: 'good', warning: 'warn', failed: 'bad', unknown: 'warn' };

export function doctorCommand(session: Session): Command {
  const command = new Command('doctor')
    .description('check this machine: what Meshwise needs, what is missing, and what to do about it')
    .action(async () => {
      const report = await examine(session.context);
      const rows = report.checks.map(({ status, title, found }) => [
        { text: status, tone: TONES[status] ?? 'plain' },
        title,
        found,
      ]);
      const advice = report.checks.flatMap(({ status, title, advice, code }) =>
        status === 'ok' || advice === undefined
          ? []
          : [`${title}${code === undefined ? '' : ` (${code})`}: ${clean(advice)}\n`],
      );
      session.print({
        value: report,
        items: report.checks,
        table: () =>
          table(['STATUS', 'CHECK', 'FOUND'], rows, session.paint) +
          (advice.length === 0 ? '' : `\n${advice.join('')}`),
      });
      const failed = report.checks.filter(({ status }) => status === 'failed').length;
      if (failed > 0) session.exitCode = 1;
      session.note(failed > 0 ? `${failed} of ${report.checks.length} checks failed.` : 'No check failed.');
    });
  return describe(withOutput(command), {
    daemon: 'optional',
    examples: ['meshwise doctor', 'meshwise doctor -o json | jq -r \'.checks[] | select(.status == "failed") | .id\''],
    exit: 'Exit code 1: a check failed.',
  });
}

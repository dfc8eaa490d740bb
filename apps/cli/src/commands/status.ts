import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { withOutput } from '../input/options.ts';
import type { Session } from '../session.ts';
import { statusText } from './status-text.ts';

export function statusCommand(session: Session): Command {
  const command = new Command('status')
    .description('state of the mesh: addresses, services, workloads, proxies, gateways, conditions')
    .action(async () => {
      const client = await session.connect();
      const status = await client.status();
      session.print({ value: status, table: () => statusText(status, session.context.clock.nowMs(), session.paint) });
    });
  return describe(withOutput(command), {
    daemon: 'needed',
    examples: ['meshwise status', "meshwise status -o json | jq '.proxies[] | select(.synced | not) | .workload'"],
    exit: 'Exit code 0 whatever the state is: `meshwise proxy status` and `meshwise doctor` judge.',
  });
}

import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { withOutput } from '../input/options.ts';
import type { Session } from '../session.ts';

export function uiCommand(session: Session): Command {
  const command = new Command('ui')
    .description('print the address of the web interface, with a token for one login within a few minutes')
    .action(async () => {
      const client = await session.connect();
      const { address } = await client.sessionToken();
      session.print({ value: { address }, table: () => `${address}\n` });
    });
  return describe(withOutput(command), { daemon: 'needed', examples: ['meshwise ui', 'xdg-open "$(meshwise ui)"'] });
}

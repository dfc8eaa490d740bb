import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { namespaceOf, withAnyNamespace, withOutput } from '../input/options.ts';
import type { Session } from '../session.ts';
import { TARGET } from './identity-words.ts';

export function identityReadmitCommand(session: Session): Command {
  const command = new Command('readmit')
    .description('let an identity that was revoked with --forever have certificates again')
    .argument('<target>', TARGET)
    .action(async (target: string, options: { namespace?: string }) => {
      const answer = await (await session.connect()).readmitIdentity({ target, ...namespaceOf(options) });
      session.print({ value: answer, table: () => `${answer.spiffeId} gets certificates\n` });
    });
  return describe(withAnyNamespace(withOutput(command)), {
    daemon: 'needed',
    examples: ['meshwise identity readmit deploy/ratings-v1'],
  });
}

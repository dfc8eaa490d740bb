import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { namespaceOf, withAnyNamespace, withOutput } from '../input/options.ts';
import type { Session } from '../session.ts';

export function proxyRestartCommand(session: Session): Command {
  const command = new Command('restart')
    .description('restart the Envoy of a proxy after draining it')
    .argument('<proxy>', 'proxy id, pod, namespace/pod, or deploy/NAME')
    .action(async (proxy: string, options: { namespace?: string }) => {
      const client = await session.connect();
      const answer = await client.restartProxy({ proxy, ...namespaceOf(options) });
      session.print({ value: answer, table: () => answer.restarted.map((id) => `${id} restarted\n`).join('') });
    });
  return describe(withOutput(withAnyNamespace(command)), {
    daemon: 'needed',
    examples: ['meshwise proxy restart deploy/reviews-v1'],
  });
}

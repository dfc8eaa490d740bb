import { Command, Option } from 'commander';
import { describe } from '../command-help.ts';
import { namespaceOf, withAnyNamespace, withOutput } from '../input/options.ts';
import type { Session } from '../session.ts';

const TYPES = ['clusters', 'listeners', 'routes', 'endpoints', 'secrets', 'bootstrap', 'all'] as const;

interface Options {
  readonly namespace?: string;
  readonly type: (typeof TYPES)[number];
}

export function proxyConfigCommand(session: Session): Command {
  const command = new Command('config')
    .description("print a proxy's own view of its configuration, from its admin interface, without private keys")
    .argument('<proxy>', 'proxy id, pod, namespace/pod, or deploy/NAME')
    .addOption(new Option('-t, --type <type>', 'part of the configuration').choices(TYPES).default('all'))
    .action(async (proxy: string, options: Options) => {
      const client = await session.connect();
      const { config } = await client.proxyConfig({ proxy, type: options.type, ...namespaceOf(options) });
      session.print({ value: config, table: () => `${JSON.stringify(config, null, 2)}\n` });
    });
  return describe(withOutput(withAnyNamespace(command), ['json', 'yaml', 'ndjson'], 'json'), {
    daemon: 'needed',
    examples: [
      'meshwise proxy config deploy/productpage-v1 --type routes',
      'meshwise proxy config reviews-v1-0 -t clusters -o yaml',
    ],
  });
}

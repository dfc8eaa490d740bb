import { Command, Option } from 'commander';
import { describe } from '../command-help.ts';
import { port, withOutput } from '../input/options.ts';
import { CAPTURES, type DaemonSettings, SAMPLES } from '../lifecycle/start-daemon.ts';
import { up } from '../lifecycle/up.ts';
import type { Session } from '../session.ts';

interface Options {
  readonly detach?: boolean;
  readonly sample: DaemonSettings['sample'];
  readonly capture: DaemonSettings['capture'];
  readonly gatewayPort?: number;
  readonly apiPort?: number;
}

export function upCommand(session: Session): Command {
  const command = new Command('up')
    .description('start the local mesh and hold it until Ctrl-C; with a mesh that runs already, show it')
    .option('-d, --detach', 'return when it is ready, and leave it running')
    .addOption(new Option('--sample <name>', 'application to deploy').choices(SAMPLES).default('none'))
    .addOption(
      new Option('--capture <mode>', 'how traffic reaches the sidecars; loopback can be bypassed')
        .choices(CAPTURES)
        .default('auto'),
    )
    .option('--gateway-port <port>', 'port of the ingress gateway (default: 8080, or the next free one)', port)
    .option('--api-port <port>', 'port of API and interface (default: 15080, or the next free one)', port)
    .action((options: Options) =>
      up(session, {
        detach: options.detach ?? false,
        sample: options.sample,
        capture: options.capture,
        gatewayPort: options.gatewayPort ?? null,
        apiPort: options.apiPort ?? null,
      }),
    );
  return describe(withOutput(command), {
    daemon: 'started',
    examples: ['meshwise up --sample bookinfo', 'meshwise up --detach --capture loopback --gateway-port 8081'],
  });
}

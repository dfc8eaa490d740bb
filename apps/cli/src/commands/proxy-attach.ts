import type { AttachRequest } from '@meshwise/api';
import { Command, Option } from 'commander';
import { describe } from '../command-help.ts';
import { withNamespace, withOutput } from '../input/options.ts';
import type { Session } from '../session.ts';

interface Options {
  readonly namespace: string;
  readonly kind: AttachRequest['kind'];
  readonly role?: 'sidecar' | 'gateway';
  readonly workloadGroup?: string;
  readonly serviceAccount?: string;
  readonly address?: string;
  readonly label?: readonly string[];
  readonly port?: readonly string[];
}

const repeated = (value: string, before: readonly string[] = []) => [...before, value];

export function proxyAttachCommand(session: Session): Command {
  const command = new Command('attach')
    .description('let a process join from outside: registers a WorkloadEntry and prints what to start the process with')
    .argument('<name>', 'name of its WorkloadEntry; deleting that detaches the process')
    .addOption(
      new Option('--kind <kind>', 'any Envoy, or a program that is its own proxy (xDS client of gRPC)')
        .choices(['envoy', 'grpc'])
        .default('envoy'),
    )
    .addOption(new Option('--role <role>', 'what an Envoy is').choices(['sidecar', 'gateway']))
    .option('-g, --workload-group <group>', 'WorkloadGroup that says the rest')
    .option('--service-account <name>', 'its identity')
    .option('--address <address>', 'where others reach it (default: a loopback address of its own)')
    .option('-l, --label <key=value>', 'a label that selects it; may be repeated', repeated)
    .option('-p, --port <port>', '8080, http:8080, or of a gateway 80:18080; may be repeated', repeated)
    .action(async (name: string, options: Options) => {
      const { kind, namespace, role, workloadGroup, serviceAccount, address, port } = options;
      const labels = Object.fromEntries((options.label ?? []).map((text) => text.split(/=(.*)/s).slice(0, 2)));
      const answer = await (await session.connect()).attachProxy({
        ...{ name, namespace, kind, labels },
        ...(role === undefined ? {} : { role }),
        ...(workloadGroup === undefined ? {} : { workloadGroup }),
        ...(serviceAccount === undefined ? {} : { serviceAccount }),
        ...(address === undefined ? {} : { address }),
        ...(port === undefined ? {} : { ports: [...port] }),
      });
      // Alone on the standard output, so that it can be written to a file.
      session.print({ value: answer.bootstrap, table: () => `${JSON.stringify(answer.bootstrap, null, 2)}\n` });
      for (const line of answer.advice) session.note(line);
    });
  return describe(withOutput(withNamespace(command), ['json', 'yaml'], 'json'), {
    daemon: 'needed',
    examples: [
      'meshwise proxy attach vm-1 --service-account vm -l app=billing -p http:8080 > envoy.json',
      'meshwise proxy attach vm-2 -n shop --workload-group vms > envoy.json',
      'meshwise proxy attach client --kind grpc > xds.json',
    ],
  });
}

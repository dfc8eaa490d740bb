import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { wholeNumber, withNamespace } from '../input/options.ts';
import type { Session } from '../session.ts';
import { untilStopped } from '../until-stopped.ts';
import { findPods } from './find-pods.ts';

interface Options {
  readonly namespace: string;
  readonly container?: string;
  readonly follow?: boolean;
  readonly tail?: number;
  readonly previous?: boolean;
}

export function logsCommand(session: Session): Command {
  const command = new Command('logs')
    .description("print what pods wrote; several pods' lines carry the pod's name")
    .argument('<target>', 'pod, KIND/NAME of a workload as deploy/reviews-v1, or the beginning of pod names')
    .option('-c, --container <name>', 'container; istio-proxy is the sidecar (default: the application)')
    .option('-f, --follow', 'go on as lines come, until Ctrl-C')
    .option('--tail <lines>', 'only the last lines', wholeNumber(0))
    .option('-p, --previous', 'of the start before the current one')
    .action((target: string, options: Options) => printLogs(session, target, options));
  return describe(withNamespace(command), {
    daemon: 'needed',
    examples: ['meshwise logs deploy/reviews-v1 --tail 20', 'meshwise logs productpage -c istio-proxy -f'],
    exit: 'Exit code 1: no pod fits.',
  });
}

async function printLogs(session: Session, target: string, options: Options): Promise<void> {
  const client = await session.connect();
  const pods = await findPods(client, target, options.namespace);
  await untilStopped(session.context, async (signal) => {
    const printPod = async (pod: string) => {
      const prefix = pods.length > 1 ? `[${pod}] ` : '';
      const query = {
        namespace: options.namespace,
        pod,
        ...(options.container === undefined ? {} : { container: options.container }),
        ...(options.tail === undefined ? {} : { tailLines: options.tail }),
        ...(options.follow === true ? { follow: true } : {}),
        ...(options.previous === true ? { previous: true } : {}),
      };
      for await (const line of client.logs(query, signal)) session.context.stdout.write(`${prefix}${line}\n`);
    };
    if (options.follow === true) await Promise.all(pods.map(printPod));
    else for (const pod of pods) await printPod(pod);
  });
}

import { fileURLToPath } from 'node:url';
import { DAEMON_NODE_FLAGS } from '../../../apps/cli/src/lifecycle/start-daemon.ts';
import { LineProcess } from '../processes/line-process.ts';
import type { ServerAnswer } from './messages.ts';
import type { Side } from './side.ts';

export const OURS = 'meshwise';

/** `MESHWISE_BENCH_CPU_PROFILE` is a directory for a profile of our server, to find what costs. */
function profileFlags(): readonly string[] {
  const directory = process.env['MESHWISE_BENCH_CPU_PROFILE'];
  return directory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${directory}`];
}

export async function startOurs(meshFile: string, directory: string): Promise<Side> {
  const program = fileURLToPath(new URL('./own-server.ts', import.meta.url));
  const server = new LineProcess<ServerAnswer>([
    process.execPath,
    ...DAEMON_NODE_FLAGS,
    ...profileFlags(),
    program,
    JSON.stringify({ meshFile, directory }),
  ]);
  await server.next('ready');
  return {
    name: OURS,
    pid: server.pid,
    target: { directory },
    async apply(resources) {
      server.send({ kind: 'apply', resources });
      await server.next('applied');
    },
    stop: () => server.stop(),
  };
}

import { MeshwiseError } from '@meshwise/core';
import type { Capture, PodSandbox, ProgramCommand } from '../capture/capture.ts';
import { launchable } from './runtime.ts';

export interface GuestPlaces {
  readonly capture: Capture;
  readonly cacheDirectory: string;
  readonly stateDirectory: string;
}

/**
 * The command line of a Node program of Meshwise's own, changed so that it runs in a pod's network, or with `mesh` where the
 * proxies listen, as the unprivileged user of that place. It is no container of the pod: the kubelet does not know it, and it
 * ends when whoever started it says so. `root` holds the program and all it loads. Throws MW3102 where programs have no
 * network of their own.
 */
export async function guestCommand(
  place: PodSandbox | 'mesh',
  program: { readonly argv: readonly string[]; readonly root: string },
  { capture, cacheDirectory, stateDirectory }: GuestPlaces,
): Promise<ProgramCommand> {
  if (capture.outsider === undefined) {
    throw new MeshwiseError('MW3102', `capture ${capture.mode} gives programs no network of their own`);
  }
  const { argv, root } = program;
  const entryIndex = argv.findIndex((word, index) => index > 0 && word.startsWith(`${root}/`));
  const entry = argv[entryIndex];
  if (entry === undefined) throw new MeshwiseError('MW0001', `no program of ${root} in ${argv.join(' ')}`);
  const start = await launchable(
    { runtime: 'node', entry, root },
    { covered: [], remap: true, cacheDirectory, stateDirectory },
  );
  const [node = '', shownEntry = ''] = start.argv;
  const command: ProgramCommand = {
    argv: [node, ...argv.slice(1, entryIndex), shownEntry, ...argv.slice(entryIndex + 1)],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/tmp', LANG: 'C.UTF-8' },
    cwd: '/',
  };
  return place === 'mesh' ? capture.outsider(command, start.mounts) : capture.program(place, command, start.mounts);
}

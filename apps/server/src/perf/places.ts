import { fileURLToPath } from 'node:url';
import type { LaunchWorker } from '@meshwise/load';
import { launchChild } from '@meshwise/load/node';
import { type GuestPlaces, guestCommand, MARK, type PodSandbox } from '@meshwise/platform';

/** The checkout: the generator and all it loads. */
const ROOT = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '');

/** Generators beside the daemon. They carry the mark of the mesh, so that `down` finds one that does not end by itself. */
export function launchOutside(home: string): LaunchWorker {
  return launchChild({ env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', [MARK]: home } });
}

/** Generators in the network of a pod, or where the proxies listen. `place` is asked when the first of them starts. */
export function launchInside(place: () => Promise<PodSandbox | 'mesh'>, guests: GuestPlaces): LaunchWorker {
  return async ({ argv }) => {
    const command = await guestCommand(await place(), { argv, root: ROOT }, guests);
    return launchChild({ env: { ...command.env, [MARK]: guests.stateDirectory } })({ argv: command.argv });
  };
}

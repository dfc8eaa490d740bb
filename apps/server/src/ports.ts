import { MeshwiseError } from '@meshwise/core';
import { isPortFree } from '@meshwise/platform';

export const DEFAULT_API_PORT = 15080;
export const DEFAULT_GATEWAY_PORT = 8080;
const TRIES = 50;

/**
 * The port to use. One that was asked for must be free (MW6002 otherwise); without a wish it is the one of last time, else the
 * default, else the next that is free, so that a second mesh or a busy machine needs no flags.
 */
export async function choosePort(
  what: string,
  wanted: number | null,
  preferred: number,
  taken: ReadonlySet<number>,
  inUseByUs: (port: number) => boolean,
): Promise<number> {
  const usable = async (port: number) => !taken.has(port) && (inUseByUs(port) || (await isPortFree(port)));
  if (wanted !== null) {
    if (await usable(wanted)) return wanted;
    throw new MeshwiseError('MW6002', `port ${wanted} for the ${what} is taken`, { found: String(wanted) });
  }
  for (let port = preferred; port < preferred + TRIES; port++) if (await usable(port)) return port;
  throw new MeshwiseError(
    'MW6002',
    `none of the ports ${preferred} to ${preferred + TRIES - 1} is free for the ${what}`,
  );
}

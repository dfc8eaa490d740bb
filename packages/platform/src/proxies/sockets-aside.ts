import { link, rename, rm } from 'node:fs/promises';

/**
 * Unix sockets of a process that another one starts beside. Two cannot share one, as they share a port: the new one removes
 * the name and binds its own. What has a second name meanwhile can still be spoken to by it, and be put back.
 */
export class SocketsAside {
  readonly #paths: readonly string[];

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  async keep(): Promise<void> {
    for (const path of this.#paths) {
      await rm(asideName(path), { force: true });
      await link(path, asideName(path)).catch(ignoreMissing);
    }
  }

  /** The process that was to take over has failed. */
  async putBack(): Promise<void> {
    for (const path of this.#paths) await rename(asideName(path), path).catch(ignoreMissing);
  }

  async drop(): Promise<void> {
    for (const path of this.#paths) await rm(asideName(path), { force: true });
  }
}

/** As short as can be: paths of sockets have a limit. */
export function asideName(path: string): string {
  return `${path}~`;
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

import { type Check, ok, warning } from './check.ts';

/** The lock of the state directory, as the daemon's side reads it. */
export interface DaemonLock {
  readonly pid: number;
  /** The process with this pid and start time still runs. */
  readonly alive: boolean;
}

/** One daemon per state directory; a lock whose process is gone tells of a crash. */
export function daemonCheck(readLock: () => Promise<DaemonLock | undefined>): Check {
  return {
    id: 'daemon',
    title: 'Daemon',
    async run() {
      const lock = await readLock();
      if (lock === undefined) return ok('not running');
      if (lock.alive) return ok(`running (pid ${lock.pid})`);
      return warning(
        `pid ${lock.pid} ended without cleaning up`,
        '`meshwise up` takes over what it left running, `meshwise down` ends it.',
      );
    },
  };
}

import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The files of the state directory which the CLI reads; the daemon writes them. */
export interface StateDirectory {
  readonly path: string;
  /** Who is the daemon and where it listens; there once the API listens. */
  readonly daemon: string;
  /** Bearer token of the API, 0600. */
  readonly token: string;
  /** Why the last start failed. */
  readonly startError: string;
  readonly logs: string;
  readonly log: string;
}

/** `$MESHWISE_HOME`, else `~/.meshwise`. An empty variable counts as none: it would name the working directory. */
export function stateDirectory(env: NodeJS.ProcessEnv): StateDirectory {
  const named = env['MESHWISE_HOME'];
  const path = named === undefined || named === '' ? join(homedir(), '.meshwise') : resolve(named);
  return {
    path,
    daemon: join(path, 'daemon.json'),
    token: join(path, 'token'),
    startError: join(path, 'start-error.json'),
    logs: join(path, 'log'),
    log: join(path, 'log', 'daemon.log'),
  };
}

/** What the daemon says of itself in `daemon.json`. */
export interface DaemonRecord {
  readonly pid: number;
  /** Start time in clock ticks since boot: with the pid it names one process. */
  readonly startTicks: number;
  /** As `http://127.0.0.1:15080`. */
  readonly api: string;
  readonly startedAt: string;
}

/** Undefined when there is none, or none that can be read: a daemon that crashed while writing left half a file. */
export async function readDaemonRecord(state: StateDirectory): Promise<DaemonRecord | undefined> {
  const text = await readFile(state.daemon, 'utf8').catch(() => '');
  try {
    const { pid, startTicks, api, startedAt } = JSON.parse(text) as Partial<DaemonRecord>;
    if (typeof pid !== 'number' || typeof startTicks !== 'number' || typeof api !== 'string') return undefined;
    return { pid, startTicks, api, startedAt: typeof startedAt === 'string' ? startedAt : '' };
  } catch {
    return undefined;
  }
}

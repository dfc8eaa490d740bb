import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '@meshwise/core';
import { findMarkedProcesses, readMark } from './marked-processes.ts';
import { isAlive, readProcessStat, sessionMembers } from './process-table.ts';

export interface ProcessSpec {
  /** Unique among what this host runs; names the record, so only letters, digits, `.`, `_`, `~` and `-`. */
  readonly id: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Output and errors are appended here. */
  readonly logPath: string;
  /**
   * The command leaves its pid in this file and ends, and what it has started goes on as an orphan: for programs that end
   * with their parent. How such a process ended is not known afterwards.
   */
  readonly orphanPidFile?: string;
}

export interface ProcessExit {
  /** Undefined when a signal ended it, or when it was adopted and its code went to nobody. */
  readonly code?: number;
  readonly signal?: string;
}

/** A process that runs on its own, whether this daemon started it or an earlier one did. */
export interface ProcessHandle {
  readonly id: string;
  readonly pid: number;
  readonly startTicks: number;
  readonly adopted: boolean;
  readonly exited: Promise<ProcessExit>;
}

interface ProcessRecord {
  readonly id: string;
  readonly pid: number;
  readonly startTicks: number;
}

const ADOPTED_POLL_MS = 100;
/** Beside the mark of the host, the id, for a process whose record was never written. The launcher keeps both. */
const ID_MARK = 'MESHWISE_PROCESS';

/**
 * Starts processes that outlive the daemon, and finds them again.
 *
 * Each is the leader of a session of its own with its output in a file, and has a record (pid and start time) in a
 * directory. A record whose process is gone, or whose pid is another process by now, is worth nothing and removed.
 * Every process also carries `mark` and its id in its environment, so that one whose daemon died before it wrote the record is
 * found too.
 */
export class ProcessHost {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #mark: Readonly<Record<string, string>>;
  readonly #handles = new Map<string, ProcessHandle>();
  /** Processes that are not our children: that they have ended is seen by looking. */
  readonly #watched = new Map<ProcessRecord, () => void>();

  constructor(options: { directory: string; clock: Clock; mark: Readonly<Record<string, string>> }) {
    this.#directory = options.directory;
    this.#clock = options.clock;
    this.#mark = options.mark;
  }

  async start(spec: ProcessSpec): Promise<ProcessHandle> {
    const [program, ...args] = spec.argv;
    if (program === undefined) throw new TypeError('a process needs a program');
    await mkdir(dirname(spec.logPath), { recursive: true, mode: 0o700 });
    const log = openSync(spec.logPath, 'a', 0o600);
    try {
      const child = spawn(program, args, {
        cwd: spec.cwd,
        env: { ...spec.env, ...this.#mark, [ID_MARK]: spec.id },
        detached: true,
        stdio: ['ignore', log, log],
      });
      const exited = new Promise<ProcessExit>((resolve) => {
        child.once('exit', (code, signal) =>
          resolve({ ...(code === null ? {} : { code }), ...(signal === null ? {} : { signal }) }),
        );
        child.once('error', () => resolve({ code: 127 }));
      });
      if (spec.orphanPidFile !== undefined) return await this.#startedOrphan(spec.id, spec.orphanPidFile, exited);
      const pid = child.pid;
      if (pid === undefined) return { id: spec.id, pid: 0, startTicks: 0, adopted: false, exited };
      child.unref();
      const startTicks = readProcessStat(pid)?.startTicks ?? 0;
      const handle = { id: spec.id, pid, startTicks, adopted: false, exited };
      await this.#remember(handle);
      return handle;
    } finally {
      closeSync(log);
    }
  }

  async #startedOrphan(id: string, pidFile: string, launched: Promise<ProcessExit>): Promise<ProcessHandle> {
    const exit = await launched;
    const pid = Number(await readFile(pidFile, 'utf8').catch(() => '0'));
    await rm(pidFile, { force: true });
    const startTicks = readProcessStat(pid)?.startTicks;
    if (exit.code !== 0 || startTicks === undefined) {
      return { id, pid: 0, startTicks: 0, adopted: false, exited: Promise.resolve(exit.code === 0 ? {} : exit) };
    }
    const handle = { id, pid, startTicks, adopted: false, exited: this.#untilGone({ id, pid, startTicks }) };
    await this.#remember(handle);
    return handle;
  }

  /** The processes of earlier daemons that still run, by id. Records of others are removed. */
  async adopt(): Promise<ReadonlyMap<string, ProcessHandle>> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    for (const file of await readdir(this.#directory)) {
      if (!file.endsWith('.json')) continue;
      const record = await readRecord(join(this.#directory, file));
      if (record === undefined || !isAlive(record.pid, record.startTicks)) {
        await rm(join(this.#directory, file), { force: true });
      } else if (!this.#handles.has(record.id)) {
        const handle: ProcessHandle = { ...record, adopted: true, exited: this.#untilGone(record) };
        this.#handles.set(record.id, handle);
      }
    }
    await this.#adoptUnrecorded();
    return this.#handles;
  }

  /** What a daemon started and did not live to record. A second process of an id is one too many. */
  async #adoptUnrecorded(): Promise<void> {
    const known = new Set([...this.#handles.values()].map(({ pid }) => pid));
    for (const [name, value] of Object.entries(this.#mark).slice(0, 1)) {
      for (const pid of await findMarkedProcesses(name, value)) {
        const stat = readProcessStat(pid);
        const id = await readMark(pid, ID_MARK);
        if (known.has(pid) || stat?.session !== pid || id === undefined) continue;
        const record = { id, pid, startTicks: stat.startTicks };
        if (this.#handles.has(id)) {
          killSession(pid);
        } else {
          await this.#remember({ ...record, adopted: true, exited: this.#untilGone(record) });
        }
      }
    }
  }

  get(id: string): ProcessHandle | undefined {
    return this.#handles.get(id);
  }

  all(): readonly ProcessHandle[] {
    return [...this.#handles.values()];
  }

  /** Sends `signal` to the process alone; false when it is gone. */
  async signal(handle: ProcessHandle, signal: NodeJS.Signals): Promise<boolean> {
    if (!isAlive(handle.pid, handle.startTicks)) return false;
    return kill(handle.pid, signal);
  }

  /** Asks with SIGTERM, waits `graceMs`, then kills the process and whatever is left of its session. */
  async stop(handle: ProcessHandle, graceMs: number): Promise<ProcessExit> {
    if (await this.signal(handle, 'SIGTERM')) {
      const timeout = new AbortController();
      await Promise.race([handle.exited, this.#clock.sleep(graceMs, timeout.signal).catch(() => undefined)]);
      timeout.abort();
    }
    await this.signal(handle, 'SIGKILL');
    for (const pid of sessionMembers(handle.pid)) kill(pid, 'SIGKILL');
    const exit = await handle.exited;
    await this.forget(handle);
    return exit;
  }

  /** Drops the record of a process that has ended. */
  async forget(handle: ProcessHandle): Promise<void> {
    if (this.#handles.get(handle.id)?.pid === handle.pid) {
      this.#handles.delete(handle.id);
      await rm(join(this.#directory, `${handle.id}.json`), { force: true });
    }
  }

  async #remember(handle: ProcessHandle): Promise<void> {
    this.#handles.set(handle.id, handle);
    const path = join(this.#directory, `${handle.id}.json`);
    const record: ProcessRecord = { id: handle.id, pid: handle.pid, startTicks: handle.startTicks };
    try {
      await mkdir(this.#directory, { recursive: true, mode: 0o700 });
      await writeFile(`${path}.new`, JSON.stringify(record), { mode: 0o600 });
      await rename(`${path}.new`, path);
    } catch (error) {
      // The disk is full, say: whoever asked is told that nothing was started, so nothing may run.
      killSession(handle.pid);
      await this.forget(handle).catch(() => undefined);
      throw error;
    }
  }

  #untilGone(record: ProcessRecord): Promise<ProcessExit> {
    return new Promise((resolve) => {
      this.#watched.set(record, () => resolve({}));
      if (this.#watched.size === 1) void this.#watch();
    });
  }

  /** One timer for all of them, for as long as there are any. */
  async #watch(): Promise<void> {
    while (this.#watched.size > 0) {
      for (const [record, ended] of this.#watched) {
        if (isAlive(record.pid, record.startTicks)) continue;
        this.#watched.delete(record);
        ended();
      }
      if (this.#watched.size > 0) await this.#clock.sleep(ADOPTED_POLL_MS);
    }
  }
}

function kill(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** The leader first, so that it starts nothing after the others have been looked up. */
function killSession(leader: number): void {
  if (leader > 0) kill(leader, 'SIGKILL');
  for (const pid of sessionMembers(leader)) kill(pid, 'SIGKILL');
}

async function readRecord(path: string): Promise<ProcessRecord | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const { id, pid, startTicks } = value as Partial<ProcessRecord>;
    return typeof id === 'string' && typeof pid === 'number' && typeof startTicks === 'number'
      ? { id, pid, startTicks }
      : undefined;
  } catch {
    return undefined;
  }
}

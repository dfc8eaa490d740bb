import { closeSync, openSync, readdirSync, readSync } from 'node:fs';

/** What `/proc/<pid>/stat` says of a process (proc_pid_stat(5)). */
export interface ProcessStat {
  readonly pid: number;
  readonly state: string;
  readonly session: number;
  readonly cpuTicks: number;
  /** Start time in clock ticks since boot: with the pid it names one process for as long as the machine runs. */
  readonly startTicks: number;
  readonly residentPages: number;
}

/** Linux has reported 100 ticks a second to programs on every architecture since 2.6 (USER_HZ). */
export const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

export function residentBytes({ residentPages }: ProcessStat): number {
  return residentPages * PAGE_BYTES;
}

/** One line, always shorter. Shared, since it is read to the end before anything else runs. */
const STAT_BUFFER = Buffer.alloc(4096);

/**
 * Undefined when there is no such process. Synchronous on purpose: the kernel makes the line on the spot, in some microseconds,
 * while a promise for each of some hundred files, several times a second, cost a fifth of a core.
 */
export function readProcessStat(pid: number): ProcessStat | undefined {
  let file: number;
  try {
    file = openSync(`/proc/${pid}/stat`, 'r');
  } catch {
    return undefined;
  }
  try {
    return parseProcessStat(STAT_BUFFER.toString('latin1', 0, readSync(file, STAT_BUFFER, 0, STAT_BUFFER.length, 0)));
  } catch {
    // It ended between the two calls (ESRCH).
    return undefined;
  } finally {
    closeSync(file);
  }
}

/** The command name stands in brackets and may hold anything, so the fields are counted from the last bracket. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const close = text.lastIndexOf(')');
  const pid = Number.parseInt(text, 10);
  if (close === -1 || Number.isNaN(pid)) return undefined;
  const fields = text.slice(close + 2).split(' ');
  const number = (index: number) => Number(fields[index - 3]);
  return {
    pid,
    state: fields[0] ?? '?',
    session: number(6),
    cpuTicks: number(14) + number(15),
    startTicks: number(22),
    residentPages: number(24),
  };
}

/** True when that very process still runs; a zombie does not. */
export function isAlive(pid: number, startTicks: number): boolean {
  const stat = readProcessStat(pid);
  return stat !== undefined && stat.startTicks === startTicks && stat.state !== 'Z' && stat.state !== 'X';
}

export interface SessionUse {
  readonly cpuTicks: number;
  readonly memoryBytes: number;
}

/**
 * CPU time and resident memory summed over each session. A program and all its children are one session, since each
 * program is started as the leader of its own.
 */
export function readSessionUse(): ReadonlyMap<number, SessionUse> {
  const sessions = new Map<number, SessionUse>();
  for (const process of allProcesses()) {
    const { session, cpuTicks } = process;
    const sum = sessions.get(session) ?? { cpuTicks: 0, memoryBytes: 0 };
    sessions.set(session, {
      cpuTicks: sum.cpuTicks + cpuTicks,
      memoryBytes: sum.memoryBytes + residentBytes(process),
    });
  }
  return sessions;
}

/** Pids of the session that `leader` leads, so that children of a program end with it. */
export function sessionMembers(leader: number): readonly number[] {
  // Session 0 is that of the kernel's threads; a program that could not be started has no pid.
  if (leader <= 0) return [];
  return allProcesses()
    .filter(({ session, state }) => session === leader && state !== 'Z')
    .map(({ pid }) => pid);
}

export function allProcesses(): readonly ProcessStat[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => readProcessStat(Number(entry)))
    .filter((stat) => stat !== undefined);
}

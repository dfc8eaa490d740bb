import { readdir, readFile } from 'node:fs/promises';

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

export async function readProcessStat(pid: number): Promise<ProcessStat | undefined> {
  try {
    return parseProcessStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
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
export async function isAlive(pid: number, startTicks: number): Promise<boolean> {
  const stat = await readProcessStat(pid);
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
export async function readSessionUse(): Promise<ReadonlyMap<number, SessionUse>> {
  const sessions = new Map<number, SessionUse>();
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readProcessStat(Number(entry));
    if (stat === undefined) continue;
    const sum = sessions.get(stat.session) ?? { cpuTicks: 0, memoryBytes: 0 };
    sessions.set(stat.session, {
      cpuTicks: sum.cpuTicks + stat.cpuTicks,
      memoryBytes: sum.memoryBytes + stat.residentPages * PAGE_BYTES,
    });
  }
  return sessions;
}

/** Pids of the session that `leader` leads, so that children of a program end with it. */
export async function sessionMembers(leader: number): Promise<readonly number[]> {
  const members: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readProcessStat(Number(entry));
    if (stat?.session === leader && stat.state !== 'Z') members.push(stat.pid);
  }
  return members;
}

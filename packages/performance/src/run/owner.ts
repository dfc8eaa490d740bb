import { readFileSync } from 'node:fs';

/** The process that measures. Pid and start time name one process for as long as the machine runs. */
export interface Owner {
  readonly pid: number;
  readonly startTicks: number;
  /** As people call it: `daemon`, `command`. */
  readonly name: string;
}

export function thisProcess(name: string): Owner {
  return { pid: process.pid, startTicks: startTicksOf(process.pid) ?? 0, name };
}

/** False when the process has ended, or its pid is another process by now. */
export function isAlive({ pid, startTicks }: Owner): boolean {
  return startTicksOf(pid) === startTicks;
}

/** Field 22 of proc_pid_stat(5); the name before it stands in brackets and may hold anything. Undefined without a process. */
function startTicksOf(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : Number(fields[18]);
  } catch {
    return undefined;
  }
}

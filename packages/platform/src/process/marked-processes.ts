import { readdir, readFile } from 'node:fs/promises';
import { readProcessStat } from './process-table.ts';

/**
 * Pids of all processes whose environment holds `name=value`, by reading `/proc/<pid>/environ`. Finds what a daemon that was
 * killed at the wrong moment left without a record. Processes of other users cannot be read and are not ours.
 */
export async function findMarkedProcesses(name: string, value: string): Promise<readonly number[]> {
  const mark = `${name}=${value}`;
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    try {
      const environment = await readFile(`/proc/${entry}/environ`, 'utf8');
      if (!environment.split('\0').includes(mark)) continue;
    } catch {
      continue;
    }
    const stat = readProcessStat(Number(entry));
    if (stat !== undefined && stat.state !== 'Z') found.push(stat.pid);
  }
  return found;
}

/** What `name` is set to in the environment a process was started with; undefined when it is not, or cannot be read. */
export async function readMark(pid: number, name: string): Promise<string | undefined> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  const entry = environment.split('\0').find((variable) => variable.startsWith(`${name}=`));
  return entry?.slice(name.length + 1);
}

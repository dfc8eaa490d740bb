import type { ProcessHandle } from '../process/process-host.ts';
import { readProcessStat, sessionMembers } from '../process/process-table.ts';

/**
 * Kills what a program that has ended left behind in its session, so that nothing of it keeps a port which the next start
 * needs. Children that made a session of their own (daemons in the sense of daemon(7)) are not found.
 */
export function endSession({ pid, startTicks }: Pick<ProcessHandle, 'pid' | 'startTicks'>): void {
  // 0 names a process that was never started, and also the session of the kernel's own threads.
  if (pid <= 0) return;
  const leader = readProcessStat(pid);
  // The kernel gives a session's number to nobody else while it has members; without any, the pid may be another's by now.
  if (leader !== undefined && leader.startTicks !== startTicks) return;
  for (const member of sessionMembers(pid)) {
    try {
      process.kill(member, 'SIGKILL');
    } catch {
      // It ended by itself in between.
    }
  }
}

import { allProcesses, type ProcessStat, residentBytes } from './process-table.ts';
import { threadTimes } from './thread-times.ts';

/** What a program and its children have used since they began. */
export interface ProgramUse {
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

interface Known {
  readonly startTicks: number;
  readonly cpuNs: number;
  /** Last reading of each thread, by `pid/thread`. */
  readonly threads: ReadonlyMap<string, number>;
}

/**
 * Measures the CPU time of programs finely enough for seconds of load: in nanoseconds, from `schedstat` of each thread (kernel.org,
 * "Scheduler Statistics"), where `stat` counts steps of 10 ms. A thread that ends takes its count with it, so what was seen of
 * it is kept, and a program's CPU time never falls. Memory is resident memory: exact shares (PSS) cost the kernel a
 * walk over every page.
 */
export class UseMeter {
  #known: ReadonlyMap<number, Known> = new Map();

  /** By pid, for those that run. A process that leads a session stands for all of it. */
  read(pids: readonly number[]): ReadonlyMap<number, ProgramUse> {
    const processes = allProcesses();
    const byPid = new Map(processes.map((process) => [process.pid, process]));
    const bySession = Map.groupBy(processes, ({ session }) => session);
    const known = new Map<number, Known>();
    const uses = new Map<number, ProgramUse>();
    for (const pid of pids) {
      const leader = byPid.get(pid);
      const last = this.#known.get(pid);
      if (leader === undefined) {
        // It may only not have been readable, and must not begin again from what its living threads have used.
        if (last !== undefined) known.set(pid, last);
        continue;
      }
      const members = leader.session === pid ? (bySession.get(pid) ?? [leader]) : [leader];
      const now = addUp(leader, members, last);
      known.set(pid, now);
      const memoryBytes = members.reduce((sum, member) => sum + residentBytes(member), 0);
      uses.set(pid, { cpuMs: now.cpuNs / 1e6, memoryBytes });
    }
    this.#known = known;
    return uses;
  }
}

function addUp(leader: ProcessStat, members: readonly ProcessStat[], last: Known | undefined): Known {
  const before = last?.startTicks === leader.startTicks ? last : undefined;
  const threads = new Map(members.flatMap((member) => [...threadTimes(member)]));
  let cpuNs = before?.cpuNs ?? 0;
  for (const [thread, timeNs] of threads) {
    const seenNs = before?.threads.get(thread) ?? 0;
    // The kernel gives the number of a thread that has ended to another one, which began at zero.
    cpuNs += timeNs >= seenNs ? timeNs - seenNs : timeNs;
  }
  return { startTicks: leader.startTicks, cpuNs, threads };
}

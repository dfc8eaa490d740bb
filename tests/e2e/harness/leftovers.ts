import { existsSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { findMarkedProcesses, MARK, readProcessStat, sharedMemoryPath, TICKS_PER_SECOND } from '@meshwise/platform';

/** What a running mesh holds of the machine, noted while it runs, to be looked for when it is gone. */
export interface Traces {
  readonly home: string;
  /** Pid by the id under which the daemon keeps a process. */
  readonly pids: Readonly<Record<string, number>>;
  /** As `net:[4026532000]`, of the mesh and of its programs. */
  readonly networkNamespaces: readonly string[];
  readonly sharedMemory: readonly string[];
  /** When this was noted, in clock ticks since boot: the kernel gives a namespace's number to another one later. */
  readonly notedTicks: number;
}

export async function noteTraces(home: string): Promise<Traces> {
  const pids = await recordedPids(home);
  const own = await readlink('/proc/self/ns/net');
  const namespaces = new Set<string>();
  for (const pid of Object.values(pids)) namespaces.add(await readlink(`/proc/${pid}/ns/net`).catch(() => own));
  namespaces.delete(own);
  const proxies = join(home, 'run/proxies');
  const sharedMemory: string[] = [];
  for (const name of await readdir(proxies)) {
    for (const file of (await readdir(join(proxies, name))).filter((entry) => entry.startsWith('base-id'))) {
      sharedMemory.push(sharedMemoryPath(await readFile(join(proxies, name, file), 'utf8')));
    }
  }
  const notedTicks = Number.parseFloat(await readFile('/proc/uptime', 'utf8')) * TICKS_PER_SECOND;
  return { home, pids, networkNamespaces: [...namespaces], sharedMemory, notedTicks };
}

/** What is left of a mesh: empty when nothing is. Each entry says what and where. */
export async function findLeftovers(traces: Traces): Promise<readonly string[]> {
  const { home, networkNamespaces, sharedMemory, notedTicks } = traces;
  const left = (await findMarkedProcesses(MARK, home)).map((pid) => `process ${pid} carries the mark`);
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(home)) left.push(`process ${pid}: ${command.replaceAll('\0', ' ')}`);
    const namespace = await readlink(`/proc/${pid}/ns/net`).catch(() => '');
    const startTicks = readProcessStat(Number(pid))?.startTicks ?? notedTicks;
    if (networkNamespaces.includes(namespace) && startTicks < notedTicks)
      left.push(`process ${pid} is in ${namespace}`);
  }
  left.push(...sharedMemory.filter((path) => existsSync(path)).map((path) => `shared memory ${path}`));
  for (const file of await readdir(home, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (file.isSocket()) left.push(`socket ${join(file.parentPath, file.name)}`);
  }
  for (const [table, what] of [
    ['/proc/self/mountinfo', 'mount'],
    ['/proc/net/unix', 'open socket'],
  ] as const) {
    const lines = (await readFile(table, 'utf8')).split('\n').filter((line) => line.includes(`${home}/`));
    left.push(...lines.map((line) => `${what} ${line}`));
  }
  return left;
}

async function recordedPids(home: string): Promise<Record<string, number>> {
  const directory = join(home, 'run/processes');
  const pids: Record<string, number> = {};
  for (const file of await readdir(directory)) {
    if (!file.endsWith('.json')) continue;
    const { id, pid } = JSON.parse(await readFile(join(directory, file), 'utf8')) as { id: string; pid: number };
    pids[id] = pid;
  }
  return pids;
}

/** The host's interfaces, routes and packet filter, as the kernel lists them; none of a mesh's may be among them. */
export async function hostNetwork(): Promise<Record<string, string>> {
  const [interfaces, routes, local] = await Promise.all(
    ['/proc/net/dev', '/proc/net/route', '/proc/net/fib_trie'].map((path) => readFile(path, 'utf8').catch(() => '')),
  );
  // Only names: the counters beside them change all the time.
  const names = (interfaces ?? '').match(/^ *[^ :]+(?=:)/gm) ?? [];
  return { interfaces: names.join(), routes: routes ?? '', local: local ?? '' };
}

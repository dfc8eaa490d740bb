/** Reads of /proc that name who listens on a port; each is undefined or empty when it may not be read. */
export interface ProcReaders {
  readText(path: string): Promise<string | undefined>;
  listDirectory(path: string): Promise<readonly string[]>;
  readLink(path: string): Promise<string | undefined>;
}

export interface PortHolder {
  readonly pid: number;
  readonly command: string;
}

const LISTEN = '0A';

/** The process that listens on a TCP port; undefined when it belongs to another user or there is no /proc. */
export async function findPortHolder(port: number, readers: ProcReaders): Promise<PortHolder | undefined> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readers.readText(path)));
  const sockets = new Set(
    tables.flatMap((table) => listeningInodes(table ?? '', port)).map((inode) => `socket:[${inode}]`),
  );
  if (sockets.size === 0) return undefined;
  for (const entry of await readers.listDirectory('/proc')) {
    if (/^\d+$/.test(entry) && (await holdsOne(entry, sockets, readers))) {
      return { pid: Number(entry), command: await commandOf(entry, readers) };
    }
  }
  return undefined;
}

/** Inodes of the sockets that listen on a port, from the text of /proc/net/tcp (proc_pid_net(5)). */
export function listeningInodes(table: string, port: number): readonly string[] {
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[3] === LISTEN && Number.parseInt(columns[1]?.split(':')[1] ?? '', 16) === port)
    .flatMap((columns) => columns[9] ?? []);
}

async function holdsOne(pid: string, sockets: ReadonlySet<string>, readers: ProcReaders): Promise<boolean> {
  for (const descriptor of await readers.listDirectory(`/proc/${pid}/fd`)) {
    const target = await readers.readLink(`/proc/${pid}/fd/${descriptor}`);
    if (target !== undefined && sockets.has(target)) return true;
  }
  return false;
}

async function commandOf(pid: string, readers: ProcReaders): Promise<string> {
  const line = (await readers.readText(`/proc/${pid}/cmdline`)) ?? '';
  return line.split('\0').filter(Boolean).slice(0, 3).join(' ').slice(0, 120) || 'unknown program';
}

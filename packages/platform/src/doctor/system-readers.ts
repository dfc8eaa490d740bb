import { readdir, readFile, readlink, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import type { ProcReaders } from './port-holder.ts';

/** The real machine, behind the ports of the checks. What cannot be read is absent, never an error. */
export const procReaders: ProcReaders = {
  readText: (path) => readFile(path, 'utf8').catch(() => undefined),
  listDirectory: (path) => readdir(path).catch(() => []),
  readLink: (path) => readlink(path).catch(() => undefined),
};

/** Listens on the loopback address for a moment. Something that listens on all addresses is in the way, too. */
export function tryToListen(port: number): Promise<'free' | string> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve('free')));
  });
}

/** Bytes that an unprivileged user may write where the path is, or where it will be made. */
export async function freeBytes(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (error) {
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error;
    return freeBytes(parent);
  }
}

/** Version of the GNU C library this process runs with; undefined with another library. */
export function glibcVersion(): string | undefined {
  // Otherwise the report looks up host names of open connections, which can take seconds.
  (process.report as { excludeNetwork?: boolean }).excludeNetwork = true;
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime;
}

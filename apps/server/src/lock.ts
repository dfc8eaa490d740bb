import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MeshwiseError } from '@meshwise/core';
import { isAlive, readProcessStat } from '@meshwise/platform';
import type { Home } from './home.ts';

/**
 * One daemon to a state directory. The lock names its holder by pid and start time, so that a lock which outlived its
 * daemon, even when the pid is another process by now, is known to be nobody's. Throws MW6001 while the holder lives.
 */
export async function takeLock(home: Home): Promise<() => Promise<void>> {
  const path = join(home.run, 'daemon.lock');
  const own = JSON.stringify({ pid: process.pid, startTicks: readProcessStat(process.pid)?.startTicks ?? 0 });
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      const file = await open(path, 'wx', 0o600);
      await file.writeFile(own);
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new MeshwiseError(
          'MW2006',
          `the lock cannot be written: ${String(error)}`,
          { file: path },
          { cause: error },
        );
      }
      const holder = parse(await readFile(path, 'utf8').catch(() => ''));
      if (holder !== undefined && isAlive(holder.pid, holder.startTicks)) {
        throw new MeshwiseError('MW6001', `the daemon with pid ${holder.pid} uses this state`, { file: home.path });
      }
      await rm(path, { force: true });
    }
  }
  throw new MeshwiseError('MW6001', 'several daemons are starting on this state at once', { file: home.path });
}

function parse(text: string): { pid: number; startTicks: number } | undefined {
  try {
    const { pid, startTicks } = JSON.parse(text) as { pid?: unknown; startTicks?: unknown };
    return typeof pid === 'number' && typeof startTicks === 'number' ? { pid, startTicks } : undefined;
  } catch {
    return undefined;
  }
}

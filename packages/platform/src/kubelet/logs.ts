import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@meshwise/core';

/** Where the output of a container's starts is kept: `<root>/<namespace>/<pod>/<container>.<restart>.log`. */
export function logPath(root: string, namespace: string, pod: string, container: string, restart: number): string {
  return join(root, namespace, pod, `${container}.${restart}.log`);
}

/** The folder of everything that pods of this name have written. */
export function podLogs(root: string, namespace: string, pod: string): string {
  return join(root, namespace, pod);
}

/** The files of a container, oldest start first. */
export async function logFiles(
  root: string,
  namespace: string,
  pod: string,
  container: string,
): Promise<readonly string[]> {
  const directory = join(root, namespace, pod);
  const names = await readdir(directory).catch(() => []);
  const starts = names
    .map((name) => /^(.*)\.(\d+)\.log$/.exec(name))
    .filter((match) => match?.[1] === container)
    .map((match) => Number(match?.[2]))
    .sort((a, b) => a - b);
  return starts.map((start) => logPath(root, namespace, pod, container, start));
}

const CHUNK_BYTES = 64 * 1024;
const FOLLOW_POLL_MS = 200;

/** The last `tailLines` of a file, then, with `follow`, what is added until the signal aborts. */
export async function* readLog(
  path: string,
  options: { tailLines?: number; follow: boolean; signal: AbortSignal; clock: Clock },
): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  try {
    let position = options.tailLines === undefined ? 0 : await tailStart(path, options.tailLines);
    while (!options.signal.aborted) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, position);
      if (bytesRead > 0) {
        position += bytesRead;
        yield buffer.subarray(0, bytesRead);
        continue;
      }
      if (!options.follow) return;
      const { size } = await file.stat();
      if (size < position) position = 0;
      await options.clock.sleep(FOLLOW_POLL_MS, options.signal).catch(() => undefined);
    }
  } finally {
    await file.close();
  }
}

async function tailStart(path: string, lines: number): Promise<number> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (lines <= 0) return size;
    let end = size;
    let seen = 0;
    while (end > 0) {
      const start = Math.max(0, end - CHUNK_BYTES);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
      for (let index = bytesRead - 1; index >= 0; index--) {
        // The line feed that ends the last line does not begin another one.
        if (buffer[index] === 10 && start + index !== size - 1 && ++seen === lines) return start + index + 1;
      }
      end = start;
    }
    return 0;
  } finally {
    await file.close();
  }
}

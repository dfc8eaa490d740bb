import { open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

const BASE_ID = 'base-id';

/** The file with the base id of the processes of one family, in the directory of their proxy. */
export function baseIdFile(family: number): string {
  return family === 0 ? BASE_ID : `${BASE_ID}-${family}`;
}

/** Where Envoy keeps what two processes of one base id share (hot_restart_impl: ten ids are reserved for each). */
export function sharedMemoryPath(baseId: string): string {
  return `/dev/shm/envoy_shared_memory_${Number(baseId) * 10}`;
}

/** Envoy leaves the shared memory of hot restart behind. */
export async function removeSharedMemory(baseIdPath: string): Promise<void> {
  const baseId = await readFile(baseIdPath, 'utf8').catch(() => undefined);
  if (baseId === undefined) return;
  await rm(sharedMemoryPath(baseId), { force: true });
  await rm(baseIdPath, { force: true });
}

/** The same for everything that one proxy has left. */
export async function removeAllSharedMemory(directory: string): Promise<void> {
  const files = await readdir(directory).catch(() => []);
  const ids = files.filter((name) => name.startsWith(BASE_ID));
  await Promise.all(ids.map((name) => removeSharedMemory(join(directory, name))));
}

/**
 * An Envoy that ended before it was ready leaves the mark that one is initialising, and the next one would refuse to start
 * beside it. The mark is the last word of the memory, whose first word is its size (hot_restart_impl.h, SharedMemory).
 */
export async function clearInitialising(baseIdPath: string): Promise<void> {
  const baseId = await readFile(baseIdPath, 'utf8').catch(() => undefined);
  const file = baseId === undefined ? undefined : await open(sharedMemoryPath(baseId), 'r+').catch(() => undefined);
  if (file === undefined) return;
  try {
    const word = Buffer.alloc(8);
    await file.read(word, 0, 8, 0);
    const size = Number(word.readBigUInt64LE());
    if (size === (await file.stat()).size) await file.write(Buffer.alloc(8), 0, 8, size - 8);
  } finally {
    await file.close();
  }
}

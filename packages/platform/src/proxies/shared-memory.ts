import { open, readFile, rm } from 'node:fs/promises';

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

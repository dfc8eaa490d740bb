import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@meshwise/core';

const MAX_LOG_BYTES = 10 * 1024 * 1024;
const KEEP_STARTS = 5;
const KEEP_GONE_MS = 24 * 3_600_000;
const INTERVAL_MS = 30_000;

/** Whether a pod of that name is in the store. */
export type IsKnown = (namespace: string, pod: string) => Promise<boolean>;

/** Keeps the logs of pods and proxies bounded, at an interval until the signal aborts. */
export async function keepLogsBounded(
  root: string,
  clock: Clock,
  signal: AbortSignal,
  isKnown: IsKnown,
): Promise<void> {
  while (!signal.aborted) {
    await boundLogs(root, clock.nowMs(), isKnown).catch(() => undefined);
    await clock.sleep(INTERVAL_MS, signal).catch(() => undefined);
  }
}

/**
 * One round: a file past 10 MiB is moved to `.old` and emptied, of each container the last five starts stay, and the folder of a
 * pod that is gone and has written nothing for a day is removed. A pod that runs and is silent keeps its logs.
 */
export async function boundLogs(root: string, nowMs: number, isKnown: IsKnown): Promise<void> {
  for (const entry of await readdir(root, { withFileTypes: true }).catch(() => [])) {
    if (entry.isFile() && entry.name.endsWith('.log')) await boundFile(join(root, entry.name)).catch(() => undefined);
  }
  for (const namespace of await directories(root)) {
    for (const pod of await directories(join(root, namespace))) {
      // What cannot be read of one pod is no reason to leave the others alone.
      await boundPod(join(root, namespace, pod), nowMs, () => isKnown(namespace, pod)).catch(() => undefined);
    }
  }
}

async function boundPod(directory: string, nowMs: number, isKnown: () => Promise<boolean>): Promise<void> {
  const names = await readdir(directory);
  const starts = new Map<string, number[]>();
  let newestMs = 0;
  for (const name of names) {
    const { mtimeMs } = await stat(join(directory, name));
    newestMs = Math.max(newestMs, mtimeMs);
    const [, container, restart] = /^(.*)\.(\d+)\.log$/.exec(name) ?? [];
    if (container === undefined) continue;
    starts.set(container, [...(starts.get(container) ?? []), Number(restart)]);
    await boundFile(join(directory, name));
  }
  if (nowMs - newestMs > KEEP_GONE_MS && !(await isKnown())) {
    await rm(directory, { recursive: true, force: true });
    return;
  }
  for (const [container, restarts] of starts) {
    for (const restart of restarts.sort((a, b) => a - b).slice(0, -KEEP_STARTS)) {
      const path = join(directory, `${container}.${restart}.log`);
      await rm(path, { force: true });
      await rm(`${path}.old`, { force: true });
    }
  }
}

async function boundFile(path: string): Promise<void> {
  if ((await stat(path)).size > MAX_LOG_BYTES) await turnOver(path);
}

/** Programs append, so after the file was emptied they go on at its new end; what is copied ends with the newest line. */
async function turnOver(path: string): Promise<void> {
  const source = await open(path, 'r+');
  try {
    const { size } = await source.stat();
    const kept = Buffer.alloc(Math.min(size, MAX_LOG_BYTES));
    await source.read(kept, 0, kept.length, size - kept.length);
    const target = await open(`${path}.new`, 'w', 0o600);
    await target.write(kept);
    await target.close();
    await rename(`${path}.new`, `${path}.old`);
    await source.truncate(0);
  } finally {
    await source.close();
  }
}

async function directories(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

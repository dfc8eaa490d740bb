import { readFile } from 'node:fs/promises';
import { type Clock, MeshwiseError } from '@meshwise/core';
import { sandboxError } from './run-sandbox.ts';

const ATTEMPTS = 200;
const PAUSE_MS = 25;

/** Resolves when a process of the launcher has said in its log that it is ready; throws what it says when it ends instead. */
export async function untilReady(logPath: string, exited: Promise<unknown>, clock: Clock): Promise<void> {
  let gone = false;
  exited.then(() => {
    gone = true;
  });
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const text = await readFile(logPath, 'utf8');
    if (text.includes('ready')) return;
    if (gone) throw sandboxError(text);
    await clock.sleep(PAUSE_MS);
  }
  throw new MeshwiseError('MW3101', 'the namespaces of the mesh were not ready within five seconds');
}

import { stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';

/** True when every folder on the way can be passed by everybody. */
export async function openToAll(path: string): Promise<boolean> {
  const parts = resolve(path).split(sep).filter(Boolean);
  for (let length = 0; length <= parts.length; length++) {
    const { mode } = await stat(sep + parts.slice(0, length).join(sep));
    if ((mode & 0o001) === 0 && (length < parts.length || (mode & 0o004) === 0)) return false;
  }
  return true;
}

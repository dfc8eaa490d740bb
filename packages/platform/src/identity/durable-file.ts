import { randomBytes } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

const PRIVATE_FILE_MODE = 0o600;

/**
 * Writes a file so that after a crash at any moment the old or the new content is there, never a part: a temporary
 * file beside it, fsync, then a change of name, then fsync of the directory. `create` refuses to replace an existing
 * file (link(2) fails, rename(2) would not) and then returns false.
 */
export async function writeDurably(path: string, content: string, how: 'create' | 'replace'): Promise<boolean> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeAndSync(temporary, content);
    if (how === 'replace') await rename(temporary, path);
    else await link(temporary, path);
  } catch (error) {
    if (how === 'create' && (error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(dirname(path));
  return true;
}

async function writeAndSync(path: string, content: string): Promise<void> {
  const file = await open(path, 'wx', PRIVATE_FILE_MODE);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MeshwiseError } from '@meshwise/core';
import { DEFAULT_LIMITS } from '@meshwise/resources';

/** A file of resources as text: the daemon parses it, so that messages carry the places in the user's own files. */
export interface InputFile {
  readonly name: string;
  readonly text: string;
}

const RESOURCE_FILE = /\.(?:ya?ml|json)$/;

/**
 * The texts of files, of every *.yaml, *.yml and *.json below directories (in the order of their paths) and of standard
 * input ('-'). Throws MW1005 for a path that cannot be read and MW1002 for a file over the limit: nothing is sent then.
 */
export async function readInputFiles(
  paths: readonly string[],
  readStdin: () => Promise<string>,
): Promise<readonly InputFile[]> {
  const files: InputFile[] = [];
  for (const path of paths) {
    if (path === '-') files.push({ name: '-', text: await readStdin() });
    else for (const name of await expand(path)) files.push({ name, text: await readText(name) });
  }
  if (files.length === 0) {
    throw new MeshwiseError('MW1005', 'there is nothing to read', {
      found: paths.length === 0 ? 'no -f' : 'no *.yaml, *.yml or *.json',
      file: paths.join(', '),
    });
  }
  return files;
}

async function expand(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory() && RESOURCE_FILE.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function readText(file: string): Promise<string> {
  const { maxBytes } = DEFAULT_LIMITS;
  try {
    // Asked before reading: a file of gigabytes must not be loaded to be refused.
    if ((await stat(file)).size > maxBytes) {
      throw new MeshwiseError('MW1002', `the file has more than ${maxBytes} bytes`, { file });
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    throw error instanceof MeshwiseError ? error : unreadable(file, error);
  }
}

function unreadable(file: string, cause: unknown): MeshwiseError {
  const code = (cause as NodeJS.ErrnoException).code;
  const reason =
    code === 'ENOENT'
      ? 'there is no such file or directory'
      : code === 'EACCES'
        ? 'it may not be read'
        : `it cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new MeshwiseError('MW1005', reason, { file }, { cause });
}

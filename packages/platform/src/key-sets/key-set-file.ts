import { readFile } from 'node:fs/promises';
import type { Logger } from '@meshwise/core';
import { writeDurably } from '../identity/durable-file.ts';
import { readKeySet } from './key-set.ts';

/**
 * The last good keys by their source, in a file: a daemon that begins while an issuer is down must not make the proxies
 * forget what they know. A file that cannot be read is as good as none.
 */
export async function readKeySets(path: string, logger: Logger): Promise<ReadonlyMap<string, string>> {
  try {
    const stored: unknown = JSON.parse(await readFile(path, 'utf8'));
    return new Map(
      Object.entries(Object(stored) as object).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string' && 'keys' in readKeySet(entry[1]),
      ),
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') logger.warn('stored keys cannot be read', { file: path });
    return new Map();
  }
}

export async function writeKeySets(path: string, keySets: ReadonlyMap<string, string>): Promise<void> {
  await writeDurably(path, `${JSON.stringify(Object.fromEntries(keySets), undefined, 2)}\n`, 'replace');
}

import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { MeshwiseError } from '@meshwise/core';

/** A `subPath` as it is handed on, without empty components. Throws MW3303 for one that would leave its volume. */
export function checkedSubPath(subPath: string | undefined): string | undefined {
  const parts = (subPath ?? '').split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..') || subPath?.startsWith('/') === true) {
    throw new MeshwiseError('MW3303', `subPath ${subPath} leaves the volume`, { field: 'subPath' });
  }
  return parts.length === 0 ? undefined : parts.join('/');
}

/**
 * For captures that mount nothing: where a `subPath` really is. The program may have made it a symbolic link, so the folder is
 * compared after all links are followed. Throws MW3303 when it is elsewhere.
 */
export function resolveSubPath(folder: string, subPath: string | undefined): string {
  if (subPath === undefined) return folder;
  const wanted = join(folder, subPath);
  let found: string;
  try {
    found = realpathSync(wanted);
  } catch {
    return wanted;
  }
  const root = realpathSync(folder);
  if (found === root || found.startsWith(root + sep)) return found;
  throw new MeshwiseError('MW3303', `subPath ${subPath} leaves the volume`, { field: 'subPath' });
}

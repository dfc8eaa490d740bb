import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether node_modules holds what package-lock.json says, by npm's own record of what it installed
 * (`node_modules/.package-lock.json`). Compared by content and not by time: a fresh checkout has new times.
 */
export function isInstalled(root) {
  try {
    const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
    const installed = read('node_modules/.package-lock.json');
    return lockMatches(read('package-lock.json'), installed) && existsSync(join(root, 'node_modules', '.bin', 'node'));
  } catch {
    return false;
  }
}

/** Both as in `packages` of a lock file. Optional packages may be left out: most are for other platforms. */
export function lockMatches(locked, installed) {
  for (const [path, wanted] of Object.entries(locked)) {
    // The root and the workspaces are this repository itself.
    if (!path.includes('node_modules/')) continue;
    const found = installed[path];
    if (found === undefined) {
      if (wanted.optional === true || wanted.devOptional === true || wanted.peer === true) continue;
      return false;
    }
    if (found.version !== wanted.version || found.integrity !== wanted.integrity) return false;
  }
  return Object.keys(installed).every((path) => !path.includes('node_modules/') || locked[path] !== undefined);
}

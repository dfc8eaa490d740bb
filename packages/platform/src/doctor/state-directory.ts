import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Check, type Finding, failed, ok, warning } from './check.ts';

const ADVICE = 'Choose another directory with MESHWISE_HOME, or make this one yours and writable.';

/** Tried by writing a file, since permissions say nothing of a file system that is read-only or full. */
export function stateDirectoryCheck(path: string): Check {
  return {
    id: 'state-directory',
    title: 'State directory',
    async run() {
      const existing = await stat(path).catch((error: NodeJS.ErrnoException) => error.code ?? error.message);
      if (existing === 'ENOENT') return judgeParent(path);
      if (typeof existing === 'string') return failed(`${path}: ${existing}`, ADVICE, 'MW2006');
      if (!existing.isDirectory()) return failed(`${path} is not a directory`, ADVICE, 'MW2006');
      const problem = await tryToWrite(path);
      if (problem !== undefined) return failed(`${path} cannot be written: ${problem}`, ADVICE, 'MW2006');
      if ((existing.mode & 0o077) === 0) return ok(`${path}, private`);
      const mode = (existing.mode & 0o777).toString(8);
      return warning(`${path} is open to others (mode ${mode})`, `It holds private keys: \`chmod 700 ${path}\`.`);
    },
  };
}

async function judgeParent(path: string): Promise<Finding> {
  let parent = dirname(path);
  while (parent !== dirname(parent) && !(await isAllowed(parent, constants.F_OK))) parent = dirname(parent);
  if (await isAllowed(parent, constants.W_OK | constants.X_OK)) return ok(`${path} will be made`);
  return failed(`${path} cannot be made: ${parent} cannot be written`, ADVICE, 'MW2006');
}

async function tryToWrite(directory: string): Promise<string | undefined> {
  const file = join(directory, `.doctor-${randomBytes(6).toString('hex')}`);
  try {
    await writeFile(file, 'Meshwise tries whether it may write here.\n', { flag: 'wx', mode: 0o600 });
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    await rm(file, { force: true });
  }
}

async function isAllowed(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

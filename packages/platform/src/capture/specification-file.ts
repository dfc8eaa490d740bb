import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes what the launcher is to do into a file that only we can read, and answers with the argument that names it. Command
 * lines are open to every user, and environments hold secrets. One file per launch, since the programs of a pod start side by
 * side; the launcher removes it as soon as it has read it.
 */
export async function specificationFile(directory: string, spec: object): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, `run-${randomUUID()}.json`);
  await writeFile(path, JSON.stringify(spec), { mode: 0o600 });
  return `@${path}`;
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MeshwiseError } from '@meshwise/core';

/** The path of the interpreter itself: version managers put a script of its name on the path, which takes longer to start. */
export async function pythonExecutable(): Promise<string> {
  const { stdout } = await promisify(execFile)('python3', ['-c', 'import sys; print(sys.executable)']).catch(
    (cause) => {
      throw new MeshwiseError('MW3302', 'Python 3 was not found on the path', {}, { cause });
    },
  );
  return stdout.trim();
}

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { MeshwiseError } from '@meshwise/core';

/** The launcher, see its header. */
export const SANDBOX_PATH = fileURLToPath(new URL('../../launcher/sandbox.py', import.meta.url));

/** `-B`: no bytecode files beside the source, which may be another user's. `spec` is an object, or `@` and a file that holds it. */
export function sandboxArguments(command: string, spec: unknown): readonly string[] {
  return ['-B', SANDBOX_PATH, command, typeof spec === 'string' ? spec : JSON.stringify(spec)];
}

/** Runs a launcher command to its end. Throws MW3101 with the step that failed. */
export function runSandbox(python: string, command: string, spec: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(python, sandboxArguments(command, spec), { timeout: 20_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(sandboxError(stderr, error));
    });
  });
}

export function sandboxError(stderr: string, cause?: unknown): MeshwiseError {
  const line = stderr.trim().split('\n').at(-1) ?? '';
  try {
    const { error, step } = JSON.parse(line) as { error?: unknown; step?: unknown };
    return new MeshwiseError('MW3101', `${String(step)} failed: ${String(error)}`, {}, { cause });
  } catch {
    return new MeshwiseError('MW3101', `the sandbox launcher failed: ${line || String(cause)}`, {}, { cause });
  }
}

import { realpath } from 'node:fs/promises';
import { MeshwiseError } from '@meshwise/core';
import { findOnPath, isExecutable } from '../setup/find-on-path.ts';

/**
 * Where the machine has a program that images stand for and nobody ships with them, such as `opa`: where `MESHWISE_OPA` says,
 * else on PATH. Throws MW3302 where it has none, which is why its container then waits; it starts once the program is there.
 */
export async function installedProgram(
  name: string,
  install = `Install ${name}.`,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const variable = `MESHWISE_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
  const named = env[variable] ?? '';
  if (named !== '' && !(await isExecutable(named))) {
    throw new MeshwiseError('MW3302', `this image needs ${name}, and what ${variable} names is no executable`, {
      found: named,
      advice: `Set ${variable} to the path of ${name} and start the daemon again.`,
    });
  }
  const found = named === '' ? await findOnPath(name, env) : named;
  if (found !== undefined) return realpath(found);
  throw new MeshwiseError('MW3302', `this image needs ${name}, which is not installed: none is on PATH`, {
    advice: `${install} Where it is elsewhere, set ${variable} to its path and start the daemon again.`,
  });
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MeshwiseError } from '@meshwise/core';
import { apply, type Configuration } from './operations/apply.ts';

const SAMPLES = fileURLToPath(new URL('../../../samples', import.meta.url));

/** Which images the samples bring. */
export const SAMPLE_CATALOGUES: readonly string[] = ['bookinfo', 'deployment-models', 'external-authorization'].map(
  (name) => join(SAMPLES, name, 'images.json'),
);

/** Applies a sample's manifests. Applying them again changes nothing. Throws MW7001 for a sample that there is not. */
export async function applySample(configuration: Configuration, name: string): Promise<void> {
  const directory = join(SAMPLES, name, 'manifests');
  const names = await readdir(directory).catch(() => undefined);
  if (names === undefined) {
    const known = await readdir(SAMPLES);
    throw new MeshwiseError('MW7001', `there is no sample called ${name}`, {
      found: name,
      expected: known.join(' or '),
    });
  }
  const files = await Promise.all(
    names
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .map(async (file) => ({ name: file, text: await readFile(join(directory, file), 'utf8') })),
  );
  const { problems } = await apply(configuration, { files, fieldManager: 'meshwise-sample', force: true });
  const error = problems.find((problem) => problem.severity === 'error');
  if (error !== undefined) throw new MeshwiseError('MW0001', `sample ${name}: ${error.message}`);
}
